"""What is typed in the grid: saved cell by cell in a draft, sent as a whole by « Transmettre ».

Whoever writes holds the pharmacy first: of two people on one cell, the second sees both values.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from medications.calendar import NotDueError
from medications.models import MonitoredList, Monitoring, Product
from pui.grid.loading import before, declared_by, draft_of, in_force_at, load_grid
from pui.grid.shapes import Content, Figures, Grid, Key, Values, quantities_of, shown
from pui.models import DraftCell, Pui, Transmission
from pui.services.at_once import transmit_at_once
from pui.services.storing import require_open
from pui.transfer.changes import Quantities
from pui.transfer.checking import check
from pui.transfer.errors import TransmittingError
from pui.transfer.followed import followed_by
from pui.transfer.shapes import Line, RawLine


class CellChange(NamedTuple):
    """A cell to save: its new value, and the one that the person had before their eyes."""

    key: Key
    value: Content
    seen: Content


@dataclass(frozen=True, slots=True)
class CellResult:
    """What became of a cell: "saved", "conflict" or "gone". ``value`` is the one that counts."""

    key: Key
    verdict: str
    value: Content = None
    other_by: str = ""
    other_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SaveResult:
    cells: list[CellResult]
    figures: dict[int, Figures]  # by product touched
    saved_at: datetime


@dataclass(slots=True)
class Current:
    """What a few cells hold now: the draft, over what is in force."""

    in_force: Transmission | None
    values: dict[Key, Content]
    previous: Values
    due_on: date
    drafts: dict[Key, DraftCell] = field(default_factory=dict)

    def who(self, key: Key) -> tuple[str, datetime | None]:
        """Who left the value that stands, and when."""
        if one := self.drafts.get(key):
            return str(one.saved_by), one.saved_at
        if self.in_force:
            by = self.in_force.report.get("confirmed_by", "")
            return by, self.in_force.confirmed_at
        return "", None


@transaction.atomic
def save_cells(
    *,
    by: User,
    pui: Pui,
    monitored_list: MonitoredList,
    due_on: date,
    changes: Sequence[CellChange],
    now: datetime | None = None,
) -> SaveResult:
    """Save one cell or a pasted block; a cell that somebody else changed since is left as it is.

    Raise ``StoringError`` when nothing may be typed there: right, closed pharmacy or due day.
    """
    now = now or timezone.now()
    hold(by, pui, monitored_list, due_on, now)
    products = {change.key.product_id for change in changes}
    followed = set(
        Monitoring.objects.in_force(due_on)
        .filter(monitored_list=monitored_list, product__in=products)
        .values_list("product", flat=True)
    )
    current = current_of(pui, monitored_list, due_on, products)
    cells, written = [], []
    for change in changes:
        result = verdict_of(change, current, followed)
        cells.append(result)
        if result.verdict == "saved" and current.values.get(change.key) != change.value:
            written.append(change)
            current.values[change.key] = change.value
    write(written, current, by=by, place=(pui, monitored_list, due_on), now=now)
    figures = {one: figures_of(current, one) for one in sorted(followed)}
    return SaveResult(cells, figures, now)


def hold(
    by: User, pui: Pui, monitored_list: MonitoredList, due_on: date, now: datetime
) -> Transmission:
    """Lock the pharmacy, and raise unless this person may declare that due day now."""
    held = Pui.objects.select_for_update(of=("self",)).get(pk=pui.pk)
    asked = Transmission(pui=held, monitored_list=monitored_list, due_on=due_on)
    try:
        require_open(by, held, asked, now)
    except NotDueError as refusal:
        raise TransmittingError(str(refusal)) from refusal
    return asked


def current_of(
    pui: Pui, monitored_list: MonitoredList, due_on: date, products: Collection[int]
) -> Current:
    in_force = in_force_at(pui, monitored_list, due_on)
    values = declared_by(in_force, products)
    previous = declared_by(before(pui, monitored_list, due_on), products)
    rows = draft_of(pui, monitored_list, due_on).filter(product__in=products)
    drafts = {Key(one.product_id, one.measure): one for one in rows.select_related("saved_by")}
    values |= {key: one.content for key, one in drafts.items()}
    return Current(in_force, values, previous, due_on, drafts)


def verdict_of(change: CellChange, current: Current, followed: Collection[int]) -> CellResult:
    if change.key.product_id not in followed:
        return CellResult(change.key, "gone")
    held = current.values.get(change.key)
    if held in (change.value, change.seen):
        return CellResult(change.key, "saved", change.value)
    return CellResult(change.key, "conflict", held, *current.who(change.key))


def write(
    changes: Sequence[CellChange],
    current: Current,
    *,
    by: User,
    place: tuple[Pui, MonitoredList, date],
    now: datetime,
) -> None:
    """In two statements, whatever their number."""
    pui, monitored_list, due_on = place
    known, new = [], []
    for key, value, _seen in changes:
        if row := current.drafts.get(key):
            row.content, row.saved_by, row.saved_at = value, by, now
            known.append(row)
            continue
        row = DraftCell(pui=pui, monitored_list=monitored_list, due_on=due_on)
        row.product_id, row.measure = key
        row.content, row.saved_by, row.saved_at = value, by, now
        new.append(row)
    DraftCell.objects.bulk_update(known, ["value", "day", "saved_at", "saved_by"])
    DraftCell.objects.bulk_create(new)


def figures_of(current: Current, product_id: int) -> Figures:
    now, was = (quantities_of(one, product_id) for one in (current.values, current.previous))
    return Figures(now, was, current.due_on)


def copy_previous(*, by: User, grid: Grid, now: datetime | None = None) -> list[CellChange]:
    """« Rien n’a changé »: fill the blank cells with the declaration before, and say which."""
    changes = [CellChange(cell.key, cell.previous, None) for cell in grid.missing]
    result = save_in(grid, changes, by=by, now=now)
    saved = {one.key for one in result.cells if one.verdict == "saved"}
    return [change for change in changes if change.key in saved]


def undo_copy(
    *, by: User, grid: Grid, copied: Sequence[CellChange], now: datetime | None = None
) -> SaveResult:
    """Blank again what was copied, save for the cells that somebody changed since."""
    changes = [CellChange(key, None, value) for key, value, _seen in copied]
    return save_in(grid, changes, by=by, now=now)


def save_in(
    grid: Grid, changes: Sequence[CellChange], *, by: User, now: datetime | None = None
) -> SaveResult:
    """Save cells of a grid that was read."""
    return save_cells(
        by=by,
        pui=grid.pui,
        monitored_list=grid.monitored_list,
        due_on=grid.due_on,
        changes=changes,
        now=now,
    )


class ChangedSinceError(TransmittingError):
    """The draft is no longer the one that the person read: it is shown again."""


class NothingToSendError(TransmittingError):
    """What is typed is what is already in force."""


def stamp_of(grid: Grid) -> str:
    """Know a draft by what it says, and by what it would replace."""
    number = str(grid.in_force.number) if grid.in_force else ""
    said = [f"{key.name}={shown(value)}" for key, value in sorted(grid.values.items())]
    return hashlib.sha256("\n".join([number, *said]).encode()).hexdigest()


@transaction.atomic
def transmit_draft(
    *,
    by: User,
    grid: Grid,
    stamp: str,
    exact: Collection[str] = (),
    now: datetime | None = None,
) -> Transmission:
    """Store the draft that the person read, whole; ``exact`` are the codes they said are.

    Raise ``LinesRefusedError`` while a large change is not said to be exact.
    """
    now = now or timezone.now()
    hold(by, grid.pui, grid.monitored_list, grid.due_on, now)
    held = load_grid(grid.pui, grid.monitored_list, grid.due_on, now)
    if stamp_of(held) != stamp:
        raise ChangedSinceError(
            "Des cases ont changé entre-temps\u00a0: relisez avant de transmettre. Rien "
            "n’est transmis."
        )
    if held.in_force and not held.has_draft:
        raise NothingToSendError("Rien n’a changé depuis la dernière transmission.")
    sent = transmit_at_once(
        lines_of(held),
        by=by,
        pui=held.pui,
        monitored_list=held.monitored_list,
        due_on=held.due_on,
        origin=Transmission.Origin.GRID,
        exact_codes=exact,
        now=now,
    )
    draft_of(held.pui, held.monitored_list, held.due_on).delete()
    return sent.transmission


def review_of(grid: Grid) -> list[Line]:
    """Check what the draft says against the last declarations, as it will be when it is sent."""
    followed = followed_by(grid.monitored_list, grid.pui, grid.due_on)
    return check(lines_of(grid), pui=grid.pui, followed=followed)


def lines_of(grid: Grid) -> list[RawLine]:
    """The products with a quantity, in the order of the page; blank ones are not declared."""
    begun = [row for row in grid.rows if row.is_begun]
    return [
        raw_line(number, row.product, row.figures.now) for number, row in enumerate(begun, start=1)
    ]


def raw_line(number: int, product: Product, told: Quantities) -> RawLine:
    return RawLine(
        number, (product.code,), product.label, told.stock, told.daily, expiry=told.expiry
    )
