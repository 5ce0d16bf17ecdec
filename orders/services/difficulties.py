"""Supply difficulties that regions and establishments report, logged for the watch cell [004]."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from epi_stocks.models import EpiItem
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import record
from orders.models import Beneficiary, SupplyDifficulty
from orders.models.tension import SupplyDifficultyQuerySet
from orders.reading import agency_for, ordering_for
from orders.services.errors import OrderingError

FUTURE = "Une difficulté se signale le jour même ou après\u00a0: ce jour n’est pas encore venu."


@dataclass(frozen=True, slots=True)
class Reported:
    """What is typed. ``region`` and ``source`` count for the national cell alone: others report
    for themselves."""

    item: EpiItem
    description: str
    reported_on: date
    source: str = ""
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who reports: the beneficiary, the ARS, or the national cell for whom it heard of it."""

    source: str
    region: Region | None
    beneficiary: Beneficiary | None = None


def origin_of(by: User) -> Origin | None:
    """From where somebody reports; None for the national cell, which says for whom."""
    beneficiary = ordering_for(by) if by.may(Action.ORD_WRITE) else None
    if beneficiary:
        return Origin(beneficiary.place.name, beneficiary.region, beneficiary)
    if agency := agency_for(by):
        return Origin(agency.name, agency.region)
    if not by.perimeter_to(Action.QUOTA_WRITE).is_national:
        raise OrderingError("Votre profil ne permet pas de signaler une difficulté.")
    return None


@transaction.atomic
def report_difficulty(*, by: User, typed: Reported) -> SupplyDifficulty:
    """Log a difficulty under who reports it; journaled."""
    origin = origin_of(by) or Origin(typed.source.strip()[:150], typed.region)
    if not origin.source:
        raise OrderingError("Dites qui signale la difficulté.")
    if typed.reported_on > timezone.localdate():
        raise OrderingError(FUTURE)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # the same form sent twice
    same = SupplyDifficulty.objects.filter(
        item=typed.item,
        source=origin.source,
        region=origin.region,
        description=typed.description.strip(),
        closed_on__isnull=True,
    )
    if known := same.first():
        found: SupplyDifficulty = known
        return found
    row: SupplyDifficulty = SupplyDifficulty.objects.create(
        item=typed.item,
        region=origin.region,
        beneficiary=origin.beneficiary,
        source=origin.source,
        description=typed.description.strip(),
        reported_on=typed.reported_on,
        recorded_by=by,
    )
    place = origin.beneficiary.place if origin.beneficiary else None
    record("orders.difficulty_reported", by=by, target=row, place=place)
    return row


def closable_by(user: User) -> SupplyDifficultyQuerySet:
    """Those that somebody may close: their own, those of the region, all for the country."""
    own = SupplyDifficulty.objects.for_user(user, to=Action.ORD_WRITE)
    found: SupplyDifficultyQuerySet = own | SupplyDifficulty.objects.for_user(
        user, to=Action.QUOTA_WRITE
    )
    return found


@transaction.atomic
def close_difficulty(
    *, by: User, difficulty: SupplyDifficulty, closed_on: date, outcome: str
) -> SupplyDifficulty:
    """Say what became of it; journaled."""
    rows = SupplyDifficulty.objects.select_for_update(of=("self",), no_key=True)
    locked: SupplyDifficulty = rows.get(pk=difficulty.pk)
    if not closable_by(by).filter(pk=locked.pk).exists():
        raise OrderingError("Votre profil ne permet pas de clore cette difficulté.")
    if locked.closed_on:
        raise OrderingError(
            f"{locked.closed_by} a déjà clos cette difficulté le {locked.closed_on:%d/%m/%Y}"
            f"\u00a0: «\u00a0{locked.outcome}\u00a0»."
        )
    if not locked.reported_on <= closed_on <= timezone.localdate():
        raise OrderingError("Elle se clôt entre le jour où elle est signalée et aujourd’hui.")
    if not outcome.strip():
        raise OrderingError("Dites la suite donnée.")
    locked.closed_on, locked.outcome, locked.closed_by = closed_on, outcome.strip(), by
    locked.save(update_fields=["closed_on", "outcome", "closed_by"])
    place = locked.beneficiary.place if locked.beneficiary else None
    record("orders.difficulty_closed", by=by, target=locked, place=place, outcome=locked.outcome)
    return locked
