"""What the statements sent to the database cost: how many, how long, and which were slow.

Each request counts its own (``counting``). The text of a slow one is kept without any value, so
that an operator may read it.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

SLOW_SECONDS = 0.2
LONGEST_TEXT = 2000
MOST_WAITING = 200  # slow ones of no request, until somebody comes for them

# one reading from left to right: a comment may hold a quote, a text may hold two dashes
_LEFT_OUT = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)|'(?:[^']|'')*'|(?<![\w$\"])\d+(?:\.\d+)?(?![\w\"])",
    re.DOTALL,
)
_LIST = re.compile(r"\(\s*(?:%s|\?)(?:\s*,\s*(?:%s|\?))+\s*\)")
_LISTS = re.compile(r"\(…\)(?:,\s*\(…\))+")  # as many rows as were written: one statement


@dataclass(slots=True)
class Slow:
    """A statement that took long, its values taken out."""

    text: str
    seconds: float


@dataclass(slots=True)
class Tally:
    """What one request has asked of the database so far."""

    statements: int = 0
    seconds: float = 0.0
    slow: list[Slow] = field(default_factory=list)


_under_way: ContextVar[Tally | None] = ContextVar("statements_under_way", default=None)
of_no_request: deque[Slow] = deque(maxlen=MOST_WAITING)


@contextmanager
def counting() -> Iterator[Tally]:
    """Count the statements sent within."""
    tally = Tally()
    token = _under_way.set(tally)
    try:
        yield tally
    finally:
        _under_way.reset(token)


def watched(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Send a statement and count it: a wrapper that each connection carries."""
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        _note(sql, perf_counter() - began)


def _note(sql: Any, seconds: float) -> None:
    tally = _under_way.get()
    if tally is not None:
        tally.statements += 1
        tally.seconds += seconds
    if seconds >= SLOW_SECONDS:
        kept = of_no_request if tally is None else tally.slow
        kept.append(Slow(without_values(sql), seconds))


def without_values(sql: Any) -> str:
    """The text of a statement with « ? » for each value written in it, on one line."""
    if not isinstance(sql, str):
        return type(sql).__name__
    text = " ".join(_LEFT_OUT.sub(lambda found: " " if found["comment"] else "?", sql).split())
    return _LISTS.sub("(…), …", _LIST.sub("(…)", text))[:LONGEST_TEXT]
