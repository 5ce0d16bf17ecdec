"""The national cell declares equipment in tension, and says when it ends [003, 004]."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.agencies import agency_addresses
from accounts.models import User
from accounts.notices.aid import write_to
from epi_stocks.models import EpiItem
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import record
from orders.models import Tension
from orders.rules import served_regions
from orders.services.errors import OrderingError

NATIONAL = "Seule la cellule nationale déclare une tension."
LONGEST_MESSAGE = 500
COUNTRY = "France entière"
TEMPLATE = "notices/tension.txt"


class ChangedMeanwhileError(OrderingError):
    """Somebody decided since the page was shown."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What is typed of a tension; ``region`` is None for the whole country."""

    item: EpiItem
    region: Region | None
    starts_on: date
    ends_on: date | None = None
    message: str = ""

    @property
    def place(self) -> str:
        return place_name(self.region)


def place_name(region: Region | None) -> str:
    return str(region) if region else COUNTRY


def span_text(starts_on: date, ends_on: date | None) -> str:
    """« du 02/11/2020 au 30/11/2020 », « à partir du 02/11/2020 »."""
    if ends_on is None:
        return f"à partir du {starts_on:%d/%m/%Y}, sans fin prévue"
    return f"du {starts_on:%d/%m/%Y} au {ends_on:%d/%m/%Y}"


def state_of(tension: Tension) -> str:
    """What a form carries, to know whether somebody decided since."""
    return f"{tension.pk} {tension.ends_on or ''}"


@transaction.atomic
def declare_tension(*, by: User, typed: Declared) -> Tension:
    """Put an equipment in tension, from today at the earliest; journaled, the ARS told."""
    _require_national(by)
    _require_days(typed)
    _require_free(typed)
    message = typed.message.strip()[:LONGEST_MESSAGE]
    tension = Tension(
        item=typed.item,
        region=typed.region,
        starts_on=typed.starts_on,
        ends_on=typed.ends_on,
        message=message,
        declared_by=by,
    )
    _save(tension)
    record(
        "orders.tension_declared",
        by=by,
        target=tension,
        place=tension,  # its region, or the country
        starts_on=typed.starts_on.isoformat(),
        ends_on=typed.ends_on.isoformat() if typed.ends_on else "",
        message=message,
    )
    _tell_agencies(tension, f"Tension déclarée\u00a0: {typed.item}", _declared_lines(tension))
    return tension


@transaction.atomic
def set_end(*, by: User, tension: Tension, ends_on: date, seen: str | None = None) -> Tension:
    """Say the last day of a tension, sooner or later than said before; journaled, the ARS told."""
    _require_national(by)
    locked = _locked(tension, seen)
    if ends_on < timezone.localdate():
        raise OrderingError("Une tension ne se lève pas pour le passé\u00a0: au plus tôt ce soir.")
    if ends_on < locked.starts_on:
        raise OrderingError(
            f"Elle commence le {locked.starts_on:%d/%m/%Y}\u00a0: annulez-la plutôt."
        )
    if ends_on == locked.ends_on:
        raise OrderingError("Rien ne change\u00a0: c’est déjà son dernier jour.")
    before = locked.ends_on
    locked.ends_on, locked.ended_by, locked.ended_at = ends_on, by, timezone.now()
    _save(locked)
    record(
        "orders.tension_ended",
        by=by,
        target=locked,
        place=locked,
        before={"ends_on": before.isoformat() if before else None},
        after={"ends_on": ends_on.isoformat()},
    )
    told = (
        f"{locked.item}, {place_name(locked.region)}\u00a0: la tension prend fin le "
        f"{ends_on:%d/%m/%Y} au soir."
    )
    _tell_agencies(locked, f"Fin de tension\u00a0: {locked.item}", [told])
    return locked


@transaction.atomic
def cancel_tension(*, by: User, tension: Tension, seen: str | None = None) -> None:
    """Take back one that has not begun; the journal and the history keep it."""
    _require_national(by)
    locked = _locked(tension, seen)
    if locked.starts_on <= timezone.localdate():
        raise OrderingError("Cette tension a commencé\u00a0: dites son dernier jour.")
    record(
        "orders.tension_cancelled",
        by=by,
        target=locked,
        place=locked,
        starts_on=locked.starts_on.isoformat(),
    )
    told = f"La tension annoncée à partir du {locked.starts_on:%d/%m/%Y} n’aura pas lieu."
    _tell_agencies(locked, f"Tension annulée\u00a0: {locked.item}", [told])
    locked.delete()


def _require_national(by: User) -> None:
    if not by.perimeter_to(Action.QUOTA_WRITE).is_national:
        raise OrderingError(NATIONAL)


def _require_days(typed: Declared) -> None:
    if typed.starts_on < timezone.localdate():
        raise OrderingError("Une tension se déclare à partir d’aujourd’hui, ou plus tard.")
    if typed.ends_on is not None and typed.ends_on < typed.starts_on:
        raise OrderingError("La tension finit avant de commencer.")
    if typed.region and typed.region.pk not in served_regions(typed.starts_on):
        raise OrderingError(
            f"Le stock de l’État ne sert pas {typed.region} à cette date\u00a0: une tension n’y "
            "changerait rien."
        )


def _require_free(typed: Declared) -> None:
    """The same equipment, at the same place, on the same days; the constraint guards it too."""
    others = Tension.objects.filter(item=typed.item, region=typed.region)
    others = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=typed.starts_on))
    if typed.ends_on:
        others = others.filter(starts_on__lte=typed.ends_on)
    if other := others.first():
        raise OrderingError(_overlap(other))


def _overlap(other: Tension) -> str:
    return (
        f"{other.item} ({place_name(other.region)})\u00a0: une tension est déjà déclarée "
        f"{span_text(other.starts_on, other.ends_on)}. Choisissez d’autres jours, ou changez sa "
        "fin."
    )


def _save(tension: Tension) -> None:
    """Two people who declare at once are told apart by the constraint."""
    try:
        with transaction.atomic():
            tension.save()
    except IntegrityError as refusal:
        raise OrderingError(
            "Une autre tension vient d’être déclarée pour cet équipement à ces dates\u00a0: "
            "relisez la liste."
        ) from refusal


def _locked(tension: Tension, seen: str | None) -> Tension:
    rows = Tension.objects.select_related("item", "region").select_for_update(
        of=("self",), no_key=True
    )
    locked = rows.filter(pk=tension.pk).first()
    if locked is None or (seen is not None and state_of(locked) != seen):
        raise ChangedMeanwhileError(
            "Cette tension vient d’être changée par une autre personne\u00a0: relisez, puis "
            "décidez."
        )
    found: Tension = locked
    return found


def _declared_lines(tension: Tension) -> list[str]:
    span = span_text(tension.starts_on, tension.ends_on)
    lines = [
        f"{tension.item} est en tension d’approvisionnement {span}, {place_name(tension.region)}.",
        "Le stock de l’État est alors la seule source, gratuite, dans la limite du contingent de "
        "la semaine.",
    ]
    return [*lines, tension.message] if tension.message else lines


def _tell_agencies(tension: Tension, subject: str, lines: list[str]) -> None:
    """The ARS of the region, or of each region served from now on."""
    served = served_regions(max(tension.starts_on, timezone.localdate()))
    regions = [tension.region] if tension.region else Region.objects.filter(pk__in=served)
    addresses = [one for region in regions for one in agency_addresses(region)]
    path = reverse("orders:watch")
    write_to(addresses, subject=subject, lines=lines, path=path, template=TEMPLATE)
