"""What SPF and the pivot hospitals write of a delivery: expected, then shipped [000].

A change after it was shown is told to the pharmacy: mail and journal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.models import Entry
from journal.services import entry_of, record_all
from vaccines.models import Reception, SupplyLine, Wave
from vaccines.waves.letters import announce_changes, delivery_text

FIELDS = ("expected_on", "planned_doses", "shipped_on", "shipped_doses")


class DeliveryError(Exception):
    """Nothing was written. ``str()`` is for the person; ``refusals`` are line by line."""

    def __init__(self, message: str, refusals: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.refusals = list(refusals)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Days and doses of one line; None: not known."""

    expected_on: date | None = None
    planned_doses: int | None = None
    shipped_on: date | None = None
    shipped_doses: int | None = None

    @classmethod
    def of(cls, line: SupplyLine) -> "Delivery":
        return cls(*(getattr(line, name) for name in FIELDS))

    @property
    def mark(self) -> str:
        """What a form carries of what was before one's eyes."""
        return "|".join("" if value is None else str(value) for value in self.values)

    @property
    def values(self) -> tuple[date | int | None, ...]:
        return tuple(getattr(self, name) for name in FIELDS)


@transaction.atomic
def write_deliveries(
    *,
    by: User,
    wave: Wave,
    typed: Mapping[int, Delivery],
    seen: Mapping[int, str],
    now: datetime | None = None,
) -> int:
    """Write the deliveries of these lines, all or none; say how many changed. Journaled by line.

    By SPF for flow A, by the pivot hospital for its own flow B. ``seen`` holds the mark of each
    line as it was shown. Raise ``DeliveryError`` with what to do, line by line.
    """
    now = now or timezone.now()
    lines = _locked(by, wave, typed)
    changed = [
        one for one in lines if typed[one.pk].mark not in (seen.get(one.pk), Delivery.of(one).mark)
    ]
    stale = {one: _stale(one, typed[one.pk], seen) for one in changed}
    _refuse(stale, "Quelqu’un a changé ces livraisons pendant votre saisie\u00a0: relisez-les.")
    received, today = _received(changed), timezone.localdate(now)
    wrong = {
        one: refusals_of(one, typed[one.pk], received.get(one.pk, 0), today) for one in changed
    }
    _refuse(wrong, "Rien n’est enregistré\u00a0: corrigez ces lignes.")
    _write(by, changed, typed, now)
    return len(changed)


def _refuse(found: Mapping[SupplyLine, Sequence[str]], message: str) -> None:
    refusals = [f"{line.recipient}\u00a0: {why}" for line, all_ in found.items() for why in all_]
    if refusals:
        raise DeliveryError(message, refusals)


def _locked(by: User, wave: Wave, typed: Mapping[int, Delivery]) -> list[SupplyLine]:
    rows = SupplyLine.objects.for_user(by, to=Action.VAC_DELIV).filter(wave=wave)
    lines = list(
        rows.filter(pk__in=typed)
        .select_for_update(of=("self",), no_key=True)
        .select_related("recipient", "pui__establishment", "wave")
        .order_by("pk")
    )
    if len(lines) != len(typed):
        raise DeliveryError(
            "Ces lignes ne sont pas toutes celles que vous livrez\u00a0: Santé publique France "
            "écrit le flux A, l’hôpital pivot son flux B."
        )
    return lines


def _stale(line: SupplyLine, wanted: Delivery, seen: Mapping[int, str]) -> list[str]:
    """Both values, when the line is not as it was shown. What one did not touch is left alone."""
    if seen.get(line.pk) == Delivery.of(line).mark:
        return []
    return [f"maintenant {delivery_text(line)}\u00a0; vous vouliez {text_of(wanted)}."]


def text_of(wanted: Delivery) -> str:
    return delivery_text(SupplyLine(**dict(zip(FIELDS, wanted.values, strict=True))))


def refusals_of(line: SupplyLine, wanted: Delivery, received: int, today: date) -> list[str]:
    """What forbids to write this of a line."""
    if line.removed_at:
        return ["la ligne est supprimée, elle n’est plus livrée."]
    if line.received_whole_at:
        return ["la réception est terminée, la livraison ne change plus."]
    found = []
    if wanted.planned_doses is not None and wanted.expected_on is None:
        found.append("donnez la date prévue de ces doses.")
    if (wanted.shipped_on is None) != (wanted.shipped_doses is None):
        found.append("une expédition a un jour et un nombre de doses.")
    if wanted.shipped_on and wanted.planned_doses is None:
        found.append("écrivez la livraison prévue avant l’expédition.")
    if wanted.shipped_on and wanted.shipped_on > today:
        found.append("l’expédition ne peut pas être dans l’avenir.")
    if received and not line.gap_reason and _sent(wanted) < received:
        found.append(f"{received} doses sont déjà reçues, vous ne pouvez pas en écrire moins.")
    return found


def _sent(wanted: Delivery) -> int:
    return wanted.planned_doses or 0 if wanted.shipped_doses is None else wanted.shipped_doses


def _received(lines: Sequence[SupplyLine]) -> dict[int, int]:
    rows = Reception.objects.filter(line__in=lines).order_by().values("line")
    return dict(rows.annotate(sum=Sum("doses")).values_list("line", "sum"))


def _write(
    by: User, lines: Sequence[SupplyLine], typed: Mapping[int, Delivery], now: datetime
) -> None:
    """Shown once it is written: from then on a change is told."""
    told: dict[int, str] = {}
    entries = []
    for one in lines:
        if one.planned_at is not None:
            told[one.pk] = delivery_text(one)
        entries.append(_entry(by, one, typed[one.pk]))
        for name, value in zip(FIELDS, typed[one.pk].values, strict=True):
            setattr(one, name, value)
        one.planned_at, one.planned_by = now, by
    SupplyLine.objects.bulk_update(lines, [*FIELDS, "planned_at", "planned_by"], batch_size=500)
    record_all(entries)
    announce_changes(told)


def _entry(by: User, line: SupplyLine, wanted: Delivery) -> Entry:
    is_change = line.planned_at is not None
    return entry_of(
        "vaccines.delivery_changed" if is_change else "vaccines.delivery_planned",
        by=by,
        target=line,
        place=line.pui.establishment,
        before=_told(Delivery.of(line)) if is_change else None,
        after=_told(wanted),
    )


def _told(delivery: Delivery) -> dict[str, str | int | None]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in zip(FIELDS, delivery.values, strict=True)
    }
