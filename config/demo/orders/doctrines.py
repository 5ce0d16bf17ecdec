"""The doctrine of a tension, in force since two weeks, and the one that is being prepared.

The ratios of the three equipments in tension are those that the screens were drawn with.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from common.weeks import current_week, shift
from config.demo.people import ADDRESS
from orders.doctrine.grid import Grid, GroupGrid, grid_of, write_grid
from orders.doctrine.reading import doctrine_on
from orders.models import Doctrine
from orders.services.doctrines import change_doctrine, copy_doctrine

FFP2, GLOVES, GOWNS = 2, 4, 5
Ratios = dict[str, dict[int, str]]  # beginning of the name of a group → item → units a week
ACTIVE: Ratios = {
    "EHPAD": {FFP2: "15", GLOVES: "100", GOWNS: "2.5"},
    "Hôpital": {FFP2: "8"},
    "Services": {FFP2: "6", GLOVES: "40"},
    "Handicap, avec": {FFP2: "4"},
}
WINTER: Ratios = {"EHPAD": {FFP2: "18"}, "Services": {FFP2: "5"}}
NOTE = (
    "Zone de circulation active\u00a0: masques FFP2 pour tous les soins de proximité en EHPAD et à "
    "domicile. Doctrine fictive, pour la démonstration."
)


def build_doctrines() -> None:
    """Add what is missing, beside the example of every installation."""
    if Doctrine.objects.count() != 1:
        return
    cell, other = (User.objects.get(email=f"{key}{ADDRESS}") for key in ("national", "national2"))
    _begin(other, shift(current_week(), -2))
    current = doctrine_on(timezone.localdate())
    new = copy_doctrine(
        by=cell,
        model=current,
        label="Doctrine d’hiver",
        starts_on=shift(current_week(), 1),
    )
    grid = grid_of(new)
    change_doctrine(by=cell, doctrine=new, typed=_with(grid, WINTER), seen=new.version)


def _begin(by: User, starts_on: date) -> None:
    """As the service wrote it before that day: nobody begins a doctrine in the past."""
    example = grid_of(Doctrine.objects.get())
    label = "Doctrine d’automne, circulation active"
    new = Doctrine.objects.create(
        label=label, starts_on=starts_on, note=NOTE, written_by=by, changed_by=by
    )
    earlier = timezone.now() - timedelta(days=19)
    Doctrine.objects.filter(pk=new.pk).update(written_at=earlier)
    write_grid(new, _with(Grid(label, starts_on, NOTE, example.groups), ACTIVE))


def _with(grid: Grid, ratios: Ratios) -> Grid:
    groups = tuple(_changed(one, ratios) for one in grid.groups)
    return Grid(grid.label, grid.starts_on, grid.note, groups)


def _changed(group: GroupGrid, ratios: Ratios) -> GroupGrid:
    own = [told for name, told in ratios.items() if group.label.startswith(name)]
    more = {item: Decimal(text) for told in own for item, text in told.items()}
    return GroupGrid(group.label, group.basis, {**group.ratios, **more}, group.categories)
