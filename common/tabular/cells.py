"""What a cell's text may hold, the same for what is read and what is written."""

import re
from datetime import date, datetime, time

# C0 and C1 controls but tab and line feed, lone surrogates, the two non-characters XML forbids.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"'*(?:[\t\n]|\s*[=+\-@＝＋－＠])")
_GUARDED = re.compile(r"'+(?:[\t\n]|\s*[=+\-@＝＋－＠])")


def clean_text(text: str) -> str:
    """Drop what neither PostgreSQL nor XML can hold; every line break becomes a line feed."""
    if text.isprintable():  # quick, and true of nearly every cell
        return text
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def guard_formula(text: str) -> str:
    """Keep as text, in a CSV opened by a spreadsheet, what begins like a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguard_formula(text: str) -> str:
    """Undo ``guard_formula`` exactly, so that importing an export back changes nothing."""
    return text[1:] if _GUARDED.match(text) else text


def moment_text(value: date | datetime | time) -> str:
    """Write a date as a text cell: 2026-11-16, or 2026-11-16 09:30:00."""
    if isinstance(value, datetime):
        is_midnight = value.time() == time(0)
        return f"{value:%Y-%m-%d}" if is_midnight else value.isoformat(" ", "seconds")[:19]
    return value.isoformat()
