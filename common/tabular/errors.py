"""What is wrong in a file that people send: the whole file, or one cell of one line."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from common.refusal import RefusedValueError, shown
from common.tabular.table import Row

MOST_ERRORS = 1_000


class TabularError(Exception):
    """The file cannot be read. The message says why and what is accepted, in French."""


class MissingColumnsError(TabularError):
    """The headers are not there: another sheet of the workbook may have them."""


@dataclass(frozen=True, slots=True, order=True)
class LineError:
    """One cell refused. The line is the row number that a spreadsheet shows."""

    line: int
    column: str
    value: str
    reason: str
    expected: str

    @classmethod
    def from_refusal(cls, line: int, column: str, refusal: RefusedValueError) -> "LineError":
        return cls(line, column, refusal.value, refusal.reason, refusal.expected)

    @property
    def sentence(self) -> str:
        received = f"« {self.value} », " if self.value else ""
        return (
            f"Ligne {self.line}, {self.column} : {received}{self.reason}. "
            f"Attendu : {self.expected}."
        )


@dataclass
class ErrorReport:
    """Every refused cell of a file, in the order of its lines: for the screen and for a file.

    Past ``most`` nobody reads on: the others are dropped, and ``is_cut`` says that there are some.
    """

    errors: list[LineError] = field(default_factory=list)
    most: int = MOST_ERRORS
    is_cut: bool = False

    headers = ("Ligne", "Colonne", "Valeur reçue", "Pourquoi", "Ce qui est accepté")

    def add(self, line: int, column: str, value: object, reason: str, expected: str) -> None:
        text = "" if value is None else shown(value)
        self._keep(LineError(line, column, text, reason, expected))

    def add_refusal(self, line: int, column: str, refusal: RefusedValueError) -> None:
        self._keep(LineError.from_refusal(line, column, refusal))

    def _keep(self, error: LineError) -> None:
        self.is_cut = len(self.errors) >= self.most
        if not self.is_cut:
            self.errors.append(error)

    def add_repeated(
        self, rows: Iterable[Row], column: str, key: Callable[[Row], Hashable | None]
    ) -> None:
        """Refuse every line whose key is met twice: nobody can say which of them is right."""
        lines: dict[Hashable, list[int]] = {}
        for row in rows:
            if (code := key(row)) is not None:
                lines.setdefault(code, []).append(row.line_number)
        for code, found in lines.items():
            for line in found if len(found) > 1 else ():
                others = ", ".join(str(other) for other in found[:6] if other != line)
                reason = f"déjà présent à la ligne {others}"
                self.add(line, column, code, reason, "une seule ligne par code")

    @property
    def lines(self) -> frozenset[int]:
        """The numbers of the refused lines, however many errors each has."""
        return frozenset(error.line for error in self.errors)

    def rows(self) -> Iterator[tuple[int, str, str, str, str]]:
        """Give the cells under ``headers``."""
        for error in self:
            yield error.line, error.column, error.value, error.reason, error.expected

    def __iter__(self) -> Iterator[LineError]:
        return iter(sorted(self.errors))

    def __len__(self) -> int:
        return len(self.errors)
