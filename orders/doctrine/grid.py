"""All that a doctrine says, as one value: read from its rows, typed in a form, written back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from orders.models import Basis, Doctrine, DoctrineGroup, GroupCategory, Ratio


class GridError(Exception):
    """What was typed is no doctrine. The message is for the person, in French."""


@dataclass(frozen=True, slots=True)
class GroupGrid:
    """A group: ``ratios`` by item, ``categories`` by code. An item left out is not provided."""

    label: str
    basis: str
    ratios: Mapping[int, Decimal] = field(default_factory=dict)
    categories: frozenset[str] = frozenset()

    @property
    def basis_text(self) -> str:
        return f"par {Basis(self.basis).label} et par semaine"


@dataclass(frozen=True, slots=True)
class Grid:
    label: str
    starts_on: date
    note: str = ""
    groups: tuple[GroupGrid, ...] = ()

    def check(self) -> None:
        if not self.groups:
            raise GridError("Une doctrine a au moins un groupe.")
        labels = [one.label.casefold() for one in self.groups]
        for one in self.groups:
            if labels.count(one.label.casefold()) > 1:
                raise GridError(f"Deux groupes s’appellent «\u00a0{one.label}\u00a0».")


def grid_of(doctrine: Doctrine) -> Grid:
    """In four statements, whatever the number of groups."""
    groups = doctrine.groups.prefetch_related("ratios", "categories")
    return Grid(
        doctrine.label,
        doctrine.starts_on,
        doctrine.note,
        tuple(
            GroupGrid(
                group.label,
                group.basis,
                {one.item_id: one.per_week for one in group.ratios.all()},
                frozenset(one.category_id for one in group.categories.all()),
            )
            for group in groups
        ),
    )


def write_grid(doctrine: Doctrine, grid: Grid) -> None:
    """Make the rows say what the grid says; a group keeps its row by its name.

    What stays the same is not written: the history tells only what changed.
    """
    held = {one.label: one for one in doctrine.groups.all()}
    wanted = {one.label for one in grid.groups}
    doctrine.groups.exclude(label__in=wanted).delete()
    rows = {}
    for rank, one in enumerate(grid.groups):
        row = held.get(one.label) or DoctrineGroup(doctrine=doctrine, label=one.label)
        if row.pk is None or (row.basis, row.rank) != (one.basis, rank):
            row.basis, row.rank = one.basis, rank
            row.save()
        rows[one.label] = row
    _write_categories(doctrine, rows, grid)
    for one in grid.groups:
        _write_ratios(rows[one.label], one)


def _write_categories(doctrine: Doctrine, rows: Mapping[str, DoctrineGroup], grid: Grid) -> None:
    """First what leaves a group: a category is in one at most."""
    wanted = {code: rows[one.label].pk for one in grid.groups for code in one.categories}
    held = {one.category_id: one for one in GroupCategory.objects.filter(doctrine=doctrine)}
    gone = [one.pk for code, one in held.items() if wanted.get(code) != one.group_id]
    GroupCategory.objects.filter(pk__in=gone).delete()
    GroupCategory.objects.bulk_create(
        GroupCategory(doctrine=doctrine, group_id=group, category_id=code)
        for code, group in sorted(wanted.items())
        if code not in held or held[code].group_id != group
    )


def _write_ratios(row: DoctrineGroup, group: GroupGrid) -> None:
    held = {one.item_id: one for one in row.ratios.all()}
    row.ratios.exclude(item__in=list(group.ratios)).delete()
    for item, per_week in group.ratios.items():
        if item not in held:
            Ratio.objects.create(group=row, item_id=item, per_week=per_week)
        elif held[item].per_week != per_week:
            held[item].per_week = per_week
            held[item].save(update_fields=["per_week"])
