"""What an app measures of itself for the machine that watches the service.

An app that has something to tell offers ``probes.PROBES``, a sequence of ``Probe``; ``config``
collects them without knowing any app's business. A reading is a number of this moment: how many
wait, how old the last one is. It names nobody and no place: its labels come from the code or from a
short list, never from what people type.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

PREFIX = "stocks_"
MOST_SAMPLES = 60  # for one probe: more would mean that a label tells of people or places


@dataclass(frozen=True, slots=True)
class Sample:
    """A number, with a value for each label of its probe."""

    value: float
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """``name`` without its prefix, its unit last (« backup_age_seconds »); ``help`` in English.

    ``read`` answers nothing while there is nothing to measure: no backup yet, no replica.
    """

    name: str
    help: str
    read: Callable[[], Iterable[Sample]]
    labels: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        return PREFIX + self.name


def one(value: float | None) -> list[Sample]:
    """The only sample of a probe without labels; none when there is nothing to tell."""
    return [] if value is None else [Sample(float(value))]
