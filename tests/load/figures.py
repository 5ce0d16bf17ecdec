"""What the requests of a run say: how many, how long, how many failed, by name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SEPARATOR = "\t"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: when it began, what it was, milliseconds until its answer, what went wrong."""

    at: float
    name: str
    spent: float
    error: str

    def line(self) -> str:
        words = (f"{self.at:.3f}", self.name, f"{self.spent:.2f}", self.error)
        return SEPARATOR.join(one.replace(SEPARATOR, " ").replace("\n", " ") for one in words)


@dataclass(frozen=True, slots=True)
class Figures:
    """Those of one name."""

    name: str
    count: int
    rate: float
    median: float
    p95: float
    p99: float
    longest: float
    errors: tuple[str, ...]  # each once


def read_requests(path: Path) -> Iterator[Asked]:
    """A line cut by the end of a process is left."""
    with path.open() as file:
        for line in file:
            words = line.rstrip("\n").split(SEPARATOR)
            if line.endswith("\n") and len(words) == 4:
                yield Asked(float(words[0]), words[1], float(words[2]), words[3])


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of them do not exceed; 0 of none."""
    if not values:
        return 0.0
    rank = -(-round(share * len(values) * 1000) // 1000)
    return sorted(values)[max(0, min(len(values), rank) - 1)]


def figures_of(requests: Iterable[Asked], seconds: float | None = None) -> dict[str, Figures]:
    """By name; ``seconds``: how long they were asked, else between the first and the last."""
    by_name: dict[str, list[Asked]] = defaultdict(list)
    for one in requests:
        by_name[one.name].append(one)
    every = [one.at for rows in by_name.values() for one in rows]
    length = seconds or max(1.0, max(every, default=0.0) - min(every, default=0.0))
    return {name: _of(name, rows, length) for name, rows in sorted(by_name.items())}


def _of(name: str, rows: list[Asked], length: float) -> Figures:
    spent = [one.spent for one in rows]
    return Figures(
        name=name,
        count=len(rows),
        rate=len(rows) / length,
        median=percentile(spent, 0.5),
        p95=percentile(spent, 0.95),
        p99=percentile(spent, 0.99),
        longest=max(spent),
        errors=tuple(dict.fromkeys(one.error for one in rows if one.error)),
    )
