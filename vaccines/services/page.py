"""One « Enregistrer » for the page of a pharmacy: all that is typed on it, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from vaccines.models import SupplyLine
from vaccines.services.needs import TypedNeed, save_needs
from vaccines.services.receptions import Arrival, Vaccinated, save_receptions, save_vaccinated
from vaccines.services.refusals import Outcome


@dataclass(frozen=True, slots=True)
class Typed:
    """By line, what changed on the page."""

    needs: Mapping[int, TypedNeed] = field(default_factory=dict)
    arrivals: Mapping[int, Arrival] = field(default_factory=dict)
    vaccinated: Mapping[int, Vaccinated] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    vaccinated: Outcome
    receptions: Outcome
    needs: Outcome


@transaction.atomic
def save_page(*, by: User, typed: Typed, now: datetime | None = None) -> Saved:
    """The people vaccinated first: the recalls typed below are compared with them.

    All the lines are locked once, in one order: two people who save the same page wait.
    """
    pks = {*typed.needs, *typed.arrivals, *typed.vaccinated}
    rows = SupplyLine.objects.filter(pk__in=pks).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))
    return Saved(
        save_vaccinated(by=by, typed=typed.vaccinated, now=now),
        save_receptions(by=by, typed=typed.arrivals, now=now),
        save_needs(by=by, typed=typed.needs, now=now),
    )
