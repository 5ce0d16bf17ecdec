"""One condition: met, asked for, or missing; in words, with what to press."""

from dataclasses import dataclass

from accounts.doctor.application import Step


@dataclass(frozen=True, slots=True)
class Condition:
    """``waits``: not met, but asked for already. ``you`` completes « Qui peut agir : vous ».

    ``needs_others``: somebody else decides of it. ``short`` is the condition in a table.
    """

    key: str
    title: str
    is_met: bool
    detail: str
    waits: bool = False
    you: str = ""
    needs_others: bool = False
    step: Step | None = None
    short: str = ""

    @property
    def css(self) -> str:
        return "ok" if self.is_met else "attente" if self.waits else "non"

    @property
    def word(self) -> str:
        return {"ok": "Remplie", "attente": "En attente", "non": "Manque"}[self.css]


def and_others(count: int) -> str:
    """How many more there are than those named; nothing when they all are."""
    return f" et {count} autre{'s' if count > 1 else ''}" if count > 0 else ""
