"""Doses into vials, as SPF ships them [000]: rounded up for each recipient, then added up."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce

from vaccines.models import SupplyLine, VialDoses


def vials_for(doses: int, per_vial: int) -> int:
    """Whole vials that hold ``doses``; ``per_vial`` is that of the day of the delivery."""
    return -(-doses // per_vial)


@dataclass(frozen=True, slots=True)
class Packed:
    """``doses`` ordered, ``vials`` shipped, and the doses that these hold beyond the order."""

    doses: int = 0
    vials: int = 0
    overfill: int = 0

    def __add__(self, other: "Packed") -> "Packed":
        return Packed(
            self.doses + other.doses, self.vials + other.vials, self.overfill + other.overfill
        )


def packed(doses: int, per_vial: int) -> Packed:
    vials = vials_for(doses, per_vial)
    return Packed(doses, vials, vials * per_vial - doses)


def total(each: Iterable[Packed]) -> Packed:
    """Of one pharmacy: its recipients are rounded up one by one, never together."""
    whole = Packed()
    for one in each:
        whole = whole + one
    return whole


def with_vials(rows: QuerySet[SupplyLine]) -> QuerySet[SupplyLine]:
    """The same in the database, for the lines of a whole country.

    ``ordered`` are the doses planned, else those of the need; ``vials`` hold them and ``overfill``
    more, at the ``per_vial`` of the day expected, else of the wave. NULL: not known yet.
    """
    ordered = Coalesce(
        "planned_doses", F("first_doses") + F("second_doses"), output_field=IntegerField()
    )
    day = Coalesce("expected_on", "wave__delivers_on")
    known = rows.annotate(delivery_day=day).annotate(per_vial=per_vial(), ordered=ordered)
    counted = known.annotate(vials=(F("ordered") + F("per_vial") - 1) / F("per_vial"))
    return counted.annotate(overfill=F("vials") * F("per_vial") - F("ordered"))


def per_vial() -> Case:
    """The doses of a vial on the ``delivery_day``, from the few rules there are, read once.

    Asked of each line, they would take most of the time of a national page.
    """
    rules = VialDoses.objects.order_by("-starts_on").values_list("vaccine", "starts_on", "doses")
    cases = [
        When(wave__vaccine=vaccine, delivery_day__gte=starts_on, then=Value(doses))
        for vaccine, starts_on, doses in rules
    ]
    return Case(*cases, default=None, output_field=IntegerField())
