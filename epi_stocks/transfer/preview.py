"""Read a file of inventories and say everything wrong in it; nothing is declared yet."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import IO

from django.db import connection
from django.utils import timezone

from accounts.models import User
from common.tabular import ErrorReport, read_table
from common.weeks import PARIS
from epi_stocks.anomalies import doubt_sentence
from epi_stocks.models import InventoryImport, InventoryLine
from epi_stocks.models.inventory import MEASURES
from epi_stocks.transfer.columns import LABELS, READ
from epi_stocks.transfer.lines import LineReader, TypedLine

TOGETHER = 5_000  # cells asked about in one statement: well under its ten seconds
Progress = Callable[[int], None]  # told how many lines are read, from time to time
HeldLines = dict[int, dict[int, InventoryLine]]  # by establishment, then by item


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A cell that the import would change."""

    line: int
    establishment_id: int
    finess: str
    establishment: str
    item_id: int
    item: str
    measure: str
    heading: str
    before: int | None
    after: int
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class ReplacedTotal:
    """A total typed on screen that sizes of the file will replace; ``held`` is that total."""

    establishment: str
    item: str
    held: InventoryLine


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What the file holds. ``import_id`` is there only when it may be applied as it is."""

    week: date
    filename: str
    errors: ErrorReport
    changes: list[PreviewCell] = field(default_factory=list)
    replaced: list[ReplacedTotal] = field(default_factory=list)
    unchanged: int = 0
    blank: int = 0  # cells left blank: they change nothing
    establishments: int = 0
    unknown_columns: tuple[str, ...] = ()
    import_id: int | None = None
    already: str = ""  # « Ce fichier a déjà été importé le … »
    digest: str = ""

    @property
    def cells(self) -> list[list]:
        """What is kept of each changed cell until it is saved."""
        return [
            [one.establishment_id, one.item_id, one.measure, one.after, one.before]
            for one in self.changes
        ]

    @property
    def doubts(self) -> list[PreviewCell]:
        return [cell for cell in self.changes if cell.doubt]


def silent(count: int) -> None:
    """Tell nobody: a file read at once."""


def read_import(
    *,
    by: User,
    file: IO[bytes],
    week: date,
    filename: str = "",
    now: datetime | None = None,
    progress: Progress = silent,
) -> ImportPreview:
    """Read a file for a week, and keep nothing. Raise ``TabularError`` when it is no table."""
    table = read_table(file, columns=READ, filename=filename)
    progress(len(table))
    if sentence := already_applied(table.digest, week):
        return ImportPreview(week, filename, ErrorReport(), already=sentence)
    reader = LineReader(by, week, now or timezone.now())
    lines = reader.read(table.rows)
    progress(len(table))
    held = held_lines([line.place.pk for line in lines], week)
    changes, unchanged = compare(lines, held)
    return ImportPreview(
        week=week,
        filename=filename,
        errors=reader.errors,
        changes=with_doubts(changes, week, partial(progress, len(table))),
        replaced=replaced_totals(lines, held),
        unchanged=unchanged,
        blank=sum(line.values[one] is None for line in lines for one in MEASURES),
        establishments=len({line.place.pk for line in lines}),
        unknown_columns=table.unknown_columns,
        digest=table.digest,
    )


def already_applied(digest: str, week: date) -> str:
    found = InventoryImport.objects.filter(digest=digest, week=week, applied_at__isnull=False)
    if not (done := found.first()):
        return ""
    at = done.applied_at.astimezone(PARIS)
    return (
        f"Ce fichier a déjà été importé le {at:%d/%m/%Y} à {at.hour}\u00a0h\u00a0{at:%M} "
        "pour cette semaine : rien n’est à refaire."
    )


def compare(lines: list[TypedLine], held: HeldLines) -> tuple[list[PreviewCell], int]:
    """Tell the cells that change from those that already hold the value."""
    changes, unchanged = [], 0
    for line in lines:
        was = held[line.place.pk].get(line.item.pk)
        for measure in MEASURES:
            after = line.values[measure]
            before = getattr(was, measure, None)
            if after is None:
                continue
            if after == before:
                unchanged += 1
                continue
            changes.append(
                PreviewCell(
                    line.number,
                    line.place.pk,
                    line.place.finess,
                    line.place.name,
                    line.item.pk,
                    line.item.label,
                    measure,
                    LABELS[measure],
                    before,
                    after,
                )
            )
    return changes, unchanged


def replaced_totals(lines: list[TypedLine], held: HeldLines) -> list[ReplacedTotal]:
    """Told before they go: a total and its sizes are never counted both."""
    sizes = {(line.place.pk, line.item.parent_id): line for line in lines if line.item.parent_id}
    found = []
    for (place, total), line in sizes.items():
        was = held[place].get(total)
        if was and any(getattr(was, one) is not None for one in MEASURES):
            found.append(ReplacedTotal(line.place.name, line.item.parent.label, was))
    return found


def held_lines(places: Iterable[int], week: date) -> HeldLines:
    found: HeldLines = defaultdict(dict)
    for line in InventoryLine.objects.filter(week__in=[week], establishment__in=set(places)):
        found[line.establishment_id][line.item_id] = line
    return found


def with_doubts(
    changes: list[PreviewCell], week: date, after_each: Callable[[], None]
) -> list[PreviewCell]:
    """Ask the one definition of a doubt about every changed cell, thousands in one statement."""
    stocks = {(one.line, one.item_id): one.after for one in changes if one.measure == "stock"}
    found = []
    for start in range(0, len(changes), TOGETHER):
        part = changes[start : start + TOGETHER]
        sentences = doubts_of(part, [stocks.get((one.line, one.item_id)) for one in part], week)
        found += [replace(one, doubt=it) for one, it in zip(part, sentences, strict=True)]
        after_each()
    return found


def doubts_of(cells: list[PreviewCell], stocks: list[int | None], week: date) -> list[str]:
    columns = [
        [one.measure for one in cells],
        [one.establishment_id for one in cells],
        [one.item_id for one in cells],
        [one.after for one in cells],
        stocks,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT epi_doubt(cell.measure, cell.value, cell.stock, past.cells),
                      (SELECT one FROM unnest(past.cells) one WHERE one IS NOT NULL LIMIT 1)
                 FROM unnest(%s::text[], %s::bigint[], %s::integer[], %s::integer[], %s::integer[])
                      WITH ORDINALITY AS cell(measure, place, item, value, stock, rank)
                CROSS JOIN LATERAL (
                    SELECT epi_past(cell.measure, %s, cell.place, cell.item) AS cells) past
                ORDER BY cell.rank""",
            [*columns, week],
        )
        return [doubt_sentence(code, last) for code, last in cursor.fetchall()]
