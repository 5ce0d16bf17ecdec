"""What came of a delivery: receptions in parts, lot by lot, and the people vaccinated with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from vaccines.models import Reception, SupplyLine
from vaccines.needs.texts import doses_counted, moment, people_counted
from vaccines.services.refusals import NOT_YOURS, Outcome, SupplyError, lock_lines
from vaccines.states import is_due, is_reception_open

AHEAD: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one types of a delivery. ``seen`` is the last reception that was on screen.

    Without ``doses`` nothing came: only ``is_last`` may say so, with its reason.
    """

    received_on: date | None = None
    doses: int | None = None
    lot: str = ""
    expires_on: date | None = None
    gtin: str = ""
    is_last: bool = False
    reason: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Vaccinated:
    """People who had their first injection; ``seen`` is the number that was on screen."""

    people: int | None
    seen: str | None = None


def version_of(line: SupplyLine) -> str:
    """The number of the last reception of a line."""
    last = line.receptions.order_by("-pk").values_list("pk", flat=True).first()
    return str(last or "")


def expected_doses(line: SupplyLine) -> int | None:
    """What the pharmacy should find: what left, else what was planned."""
    return line.planned_doses if line.shipped_doses is None else line.shipped_doses


def received_doses(line: SupplyLine) -> int:
    total: int | None = line.receptions.aggregate(total=Sum("doses"))["total"]
    return total or 0


@transaction.atomic
def save_receptions(
    *, by: User, typed: Mapping[int, Arrival], now: datetime | None = None
) -> Outcome:
    """Save what came on several lines; each is journaled, what is refused does not hold the rest.

    A reception ends by itself once all the doses are there, or when one says so: then a difference
    has its reason. More than what left has it at once.
    """
    now, outcome = now or timezone.now(), Outcome()
    lines = lock_lines(by, typed, to=Action.VAC_RECEP)
    for pk, one in typed.items():
        try:
            if (line := lines.get(pk)) is None:
                raise SupplyError(NOT_YOURS)
            _receive(by, line, one, now)
        except SupplyError as refusal:
            outcome.refused[pk].append(refusal)
        else:
            outcome.saved.append(line)
    return outcome


def _receive(by: User, line: SupplyLine, arrival: Arrival, now: datetime) -> None:
    today = timezone.localdate(now)
    _check_open(line, arrival, today)
    if arrival.doses:
        check_arrival(line, arrival, today)
    elif not arrival.is_last:
        raise SupplyError("Saisissez les doses reçues.", "doses")
    total = received_doses(line) + (arrival.doses or 0)
    reason = arrival.reason.strip() or line.gap_reason
    check_difference(line, total, reason, is_whole=arrival.is_last)
    if arrival.doses:
        Reception.objects.create(
            line=line,
            received_on=arrival.received_on or timezone.localdate(now),
            doses=arrival.doses,
            lot=arrival.lot.strip(),
            expires_on=arrival.expires_on,
            gtin=arrival.gtin,
            told_by=by,
        )
    line.gap_reason = reason if total != expected_doses(line) else ""
    line.received_whole_at = now if arrival.is_last or total == expected_doses(line) else None
    line.save(update_fields=["gap_reason", "received_whole_at"])
    record(
        "vaccines.received",
        by=by,
        target=line,
        place=line.pui.establishment,
        doses=arrival.doses,
        lot=arrival.lot.strip(),
        total=total,
        is_whole=line.received_whole_at is not None,
        reason=line.gap_reason,
    )


def _check_open(line: SupplyLine, arrival: Arrival, today: date) -> None:
    if line.received_whole_at:
        raise SupplyError(
            f"La réception est déjà terminée depuis le {moment(line.received_whole_at)}\u00a0: "
            "corrigez-la s’il le faut."
        )
    if not is_reception_open(line, today):
        raise SupplyError("La réception s’ouvre à la livraison.")
    if arrival.seen is not None and arrival.seen != version_of(line):
        last = line.receptions.select_related("told_by").order_by("-pk").first()
        told = (
            f"{last.told_by} a enregistré {doses_counted(last.doses)}" if last else "Elle a changé"
        )
        raise SupplyError(
            f"{told} pendant votre saisie\u00a0: relisez, puis enregistrez s’il y en a d’autres."
        )


def check_arrival(line: SupplyLine, arrival: Arrival, today: date) -> None:
    """A day that has come, the vaccine of the line, a lot that may still be used."""
    if arrival.received_on is None:
        raise SupplyError("Saisissez la date de réception.", "received_on")
    if arrival.received_on > today:
        raise SupplyError("La date de réception est dans le futur.", "received_on")
    if arrival.received_on < (earliest := earliest_reception(line)):
        raise SupplyError(
            f"Cette date est avant la livraison\u00a0: le {earliest:%d/%m/%Y} au plus tôt.",
            "received_on",
        )
    vaccine = line.wave.vaccine
    if arrival.gtin and vaccine.gtin and arrival.gtin != vaccine.gtin:
        raise SupplyError(f"Le code lu n’est pas celui de «\u00a0{vaccine}\u00a0».", "lot")
    expires_on = arrival.expires_on
    if expires_on and expires_on < arrival.received_on and not arrival.reason.strip():
        raise SupplyError(
            f"Ce lot est périmé depuis le {expires_on:%d/%m/%Y}\u00a0: ne l’utilisez pas. Si la "
            "date est bien celle de la boîte, dites dans le motif ce que vous en faites.",
            "expires_on",
        )


def earliest_reception(line: SupplyLine) -> date:
    """Nothing comes before it left; without a day of shipping, a month before what was planned."""
    return line.shipped_on or (line.expected_on or line.wave.delivers_on) - AHEAD


def check_difference(line: SupplyLine, total: int, reason: str, *, is_whole: bool) -> None:
    """Never more than what left without a reason; an end short of it has one too."""
    expected = expected_doses(line) or 0
    if reason or total == expected or (total < expected and not is_whole):
        return
    gap = doses_counted(abs(total - expected))
    way = "de plus" if total > expected else "de moins"
    raise SupplyError(f"{gap} {way} que prévu\u00a0: dites pourquoi.", "reason")


@transaction.atomic
def save_vaccinated(
    *, by: User, typed: Mapping[int, Vaccinated], now: datetime | None = None
) -> Outcome:
    """The people who had their first injection with a delivery: they may be more than its doses.

    It is what the recalls of the next delivery are compared with; corrected, it keeps its history.
    """
    now, outcome = now or timezone.now(), Outcome()
    lines = lock_lines(by, typed, to=Action.VAC_RECEP)
    for pk, one in typed.items():
        line = lines.get(pk)
        if line and (one.people == line.vaccinated or shown(one.people) == one.seen):
            continue
        if refusal := vaccinated_refusal(line, one, timezone.localdate(now)):
            outcome.refused[pk].append(SupplyError(refusal, "vaccinated"))
        elif line:
            _write_vaccinated(by, line, one.people, now)
            outcome.saved.append(line)
    return outcome


def vaccinated_refusal(line: SupplyLine | None, typed: Vaccinated, today: date) -> str:
    if line is None:
        return NOT_YOURS
    if line.removed_at or not is_due(line, today):
        return "Personne n’est encore vacciné avec cette livraison\u00a0: elle n’est pas arrivée."
    if typed.seen is not None and typed.seen != shown(line.vaccinated):
        told = people_counted(line.vaccinated) if line.vaccinated is not None else "rien"
        return (
            f"{line.vaccinated_by} a saisi «\u00a0{told}\u00a0» pendant votre saisie\u00a0: "
            "relisez, puis enregistrez pour remplacer ce nombre."
        )
    return ""


def shown(people: int | None) -> str:
    """As the page carries it."""
    return "" if people is None else str(people)


def _write_vaccinated(by: User, line: SupplyLine, people: int | None, now: datetime) -> None:
    before = line.vaccinated
    line.vaccinated, line.vaccinated_at, line.vaccinated_by = people, now, by
    line.save(update_fields=["vaccinated", "vaccinated_at", "vaccinated_by"])
    record(
        "vaccines.vaccinated_saved",
        by=by,
        target=line,
        place=line.pui.establishment,
        before={"vaccinated": before},
        after={"vaccinated": people},
    )
