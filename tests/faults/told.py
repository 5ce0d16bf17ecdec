"""What people were told of each thing they wrote: the memory that the database is compared with."""

import threading
from dataclasses import dataclass, field
from typing import NamedTuple

YES, NO, UNKNOWN = "yes", "no", "unknown"


@dataclass(slots=True)
class Act:
    """One thing written. ``verdict``: what its author was told of it, « unknown » if nothing.

    ``key`` says what was written, ``value`` what it was worth.
    """

    kind: str
    key: str
    value: object = None
    verdict: str = UNKNOWN
    begun: float = 0.0
    sent: float = 0.0  # the last time it was sent
    ended: float = 0.0
    tries: int = 0
    words: str = ""

    @property
    def waited(self) -> float:
        return self.ended - self.begun


class Answered(NamedTuple):
    """One answer: ``is_told`` when it says in words what to do next."""

    at: float
    seconds: float
    status: int
    is_told: bool


@dataclass
class Told:
    """All the acts, and what the answers were."""

    acts: list[Act] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, act: Act) -> Act:
        with self.lock:
            self.acts.append(act)
        return act

    def answered(self, answer: Answered) -> None:
        with self.lock:
            self.answers.append(answer)

    def surprise(self, text: str) -> None:
        """An answer that no fault explains."""
        with self.lock:
            self.surprises.append(text)

    def of(self, kind: str, verdict: str | None = None) -> list[Act]:
        with self.lock:
            return [one for one in self.acts if one.kind == kind and verdict in (None, one.verdict)]

    def told_yes(self) -> list[Act]:
        with self.lock:
            return [one for one in self.acts if one.verdict == YES]
