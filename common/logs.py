"""Logs: one JSON object a line, with the request's number and nothing that names a person.

A form's content is never written. What reaches a message or a trace in spite of that (the row that
the database refused, words searched for in a query string, the key of a password link) is masked.

Beside what the code says: one line a request (logger ``access``: the name of the route, never its
address), one line a job of the task worker (its number, never its arguments).
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

import psycopg
from django.db import Error
from django.http import HttpRequest

from common.routes import route_of

request_id: ContextVar[str] = ContextVar("request_id", default="")

_MASKS = [
    (re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)+"), "…@…"),
    (re.compile(r"(?<=\S)\?[^\s\"']+"), "?…"),
    (re.compile(r"(/mot-de-passe/nouveau|/invitation|/contact/suivi)/[^\s\"']+"), r"\1/…"),
    (
        re.compile(r"(?i)\b(password|passwd|token|secret|sessionid|csrf\w*)(['\"]?\s*[=:]\s*)\S+"),
        r"\1\2…",
    ),
]
# after its first line, PostgreSQL quotes the row, the key and the statement; in it, what it could
# not read, between the quotes of the language that the server speaks
_QUOTED = re.compile(r'(?<=: )["«].*|(?<=^value )"[^"]*"|(?<=^la valeur )«[^»]*»')


def masked(text: str) -> str:
    """Take addresses, query strings, keys and secrets out of a text."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


def without_rows(trace: str, error: BaseException | None) -> str:
    """Take the values that the database quotes in its complaints out of a trace."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        complaint = str(error)
        if complaint and isinstance(error, Error | psycopg.Error):
            first, _, _ = complaint.partition("\n")
            trace = trace.replace(complaint, _QUOTED.sub("…", first))
        error = error.__cause__ or error.__context__
    return trace


class RequestIdFilter(logging.Filter):
    """Attach the number of the request under way to each record, and name its route.

    What Django says of a request that went wrong names its address: the route stands for it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        record.request_id = request_id.get() or getattr(request, "id", "")
        if isinstance(request, HttpRequest) and len(request.path) > 1:
            told = record.getMessage().replace(request.path, route_of(request))
            record.msg, record.args = told, ()
        return True


OUTCOMES = {
    "job_success": "success",
    "job_error": "failed",
    "job_error_retry": "retry",
    "job_aborted": "aborted",
    "job_aborted_retry": "retry",
}
_ARGUMENTS = re.compile(r"\(.*\)", re.DOTALL)


def job_fields(record: logging.LogRecord) -> dict[str, str | int] | None:
    """What a record of the task worker tells of a job that ended; None for any other record."""
    outcome = OUTCOMES.get(getattr(record, "action", ""))
    job = getattr(record, "job", None)
    if outcome is None or job is None:
        return None
    return {
        "job": job["task_name"],
        "number": job["id"],
        "attempt": job["attempts"] + 1,
        "ms": round(1000 * (getattr(record, "duration", None) or 0)),
        "outcome": outcome,
    }


class JobFilter(logging.Filter):
    """Keep one line a job of the worker, without its arguments, and whatever it complains of."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("procrastinate"):
            return True
        fields = job_fields(record)
        if fields is None:
            record.msg, record.args = _ARGUMENTS.sub("(…)", record.getMessage()), ()
            return record.levelno >= logging.WARNING
        record.fields, record.msg, record.args = fields, "job", ()
        return True


class JsonFormatter(logging.Formatter):
    """Write a record as one line of JSON: time, level, logger, message, request, fields, trace."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            "request": getattr(record, "request_id", ""),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            trace = self.formatException(record.exc_info)
            line["trace"] = masked(without_rows(trace, record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)
