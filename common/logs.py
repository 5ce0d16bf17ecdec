"""Logs: one JSON object a line, with the request's number and nothing that names a person.

A form's content is never written. What reaches a message or a trace in spite of that (an address in
a database's complaint, words searched for in a query string, the key of a password link) is masked.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

_MASKS = [
    (re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)+"), "…@…"),
    (re.compile(r"(?<=\S)\?[^\s\"']+"), "?…"),
    (re.compile(r"(/mot-de-passe/nouveau|/invitation)/[^\s\"']+"), r"\1/…"),
    (
        re.compile(r"(?i)\b(password|passwd|token|secret|sessionid|csrf\w*)(['\"]?\s*[=:]\s*)\S+"),
        r"\1\2…",
    ),
]


def masked(text: str) -> str:
    """Take addresses, query strings, keys and secrets out of a text."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


class RequestIdFilter(logging.Filter):
    """Attach the number of the request under way to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        record.request_id = request_id.get() or getattr(request, "id", "")
        return True


class JsonFormatter(logging.Formatter):
    """Write a record as one line of JSON: time, level, logger, message, request, trace."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            "request": getattr(record, "request_id", ""),
        }
        if record.exc_info:
            line["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
