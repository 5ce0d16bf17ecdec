"""What is expected of a table, what was found in it, and how much of it is accepted."""

from dataclasses import dataclass, field

CellValue = str | int | float | None

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column the reader looks for, under its header or a synonym, accents and case aside."""

    name: str
    header: str
    synonyms: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line, by its number in a spreadsheet; ``values`` are under the names of the specs."""

    line_number: int
    values: dict[str, CellValue]

    def __getitem__(self, name: str) -> CellValue:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is accepted, and what reading a workbook may cost.

    ``processor_seconds`` leaves a margin over the honest worst case (20,000 rows of 60 columns); a
    hostile workbook, which works much and gives few rows, is stopped by ``stall_seconds``.
    """

    max_rows: int = 20_000
    max_columns: int = 60
    max_bytes: int = 10 * MEGABYTE
    max_unpacked: int = 50 * MEGABYTE
    max_ratio: int = 100
    max_entries: int = 200
    stall_seconds: float = 2.0
    processor_seconds: float = 20.0
    wall_seconds: float = 45.0
    memory_bytes: int = 300 * MEGABYTE

    @property
    def accepted(self) -> str:
        """The sentence that ends every refusal of a whole file."""
        rows = f"{self.max_rows:,}".replace(",", "\u202f")
        return (
            "Sont acceptés : un classeur .xlsx ou un fichier .csv, "
            f"{self.max_bytes // MEGABYTE} Mo, {rows} lignes "
            f"et {self.max_columns} colonnes au plus."
        )


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a file, under the names of the expected columns; blank cells are ``None``.

    ``columns`` are the names found; ``unknown_columns`` the headers ignored; ``skipped_lines`` the
    lines with something in them but nothing in a known column, titles above the header included.
    """

    rows: list[Row]
    columns: tuple[str, ...]
    unknown_columns: tuple[str, ...] = ()
    skipped_lines: tuple[int, ...] = ()
    header_line: int = 1
    kind: str = ""  # "xlsx" or "csv"
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    filename: str = ""
    digest: str = ""  # SHA-256 of the file, to know one that comes twice
    headers: tuple[str, ...] = ()  # of a table read whole: each as written, in order

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(slots=True)
class Header:
    """The line of the headers: which spec each column holds, and what it does not know."""

    line: int
    names: dict[int, str] = field(default_factory=dict)  # position → spec name
    unknown: tuple[str, ...] = ()
