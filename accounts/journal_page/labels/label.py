"""The words of one verb."""

from dataclasses import dataclass

SYSTEM, SOMEBODY, MACHINE = "Le système", "Quelqu’un", "Une application"


@dataclass(frozen=True, slots=True)
class Label:
    """How the list names an action, and how a line tells it."""

    title: str
    sentence: str
    nobody: str = SYSTEM
