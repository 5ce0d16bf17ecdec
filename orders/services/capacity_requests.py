"""A number of beds, places or professionals that is wrong: asked by the place, decided by another.

The ARS of the region or the national cell decides, never the person who asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.services import record
from orders.capacities.letters import tell_answer
from orders.models import Basis, Capacity, CapacityRequest
from orders.services.errors import OrderingError

State = CapacityRequest.State
LARGEST = 100_000
MOST = 200  # decided at once
Key = tuple[int, str]


class CapacityError(OrderingError):
    """Nothing changed."""


class ChangedMeanwhileError(CapacityError):
    """What the decision was taken on is no longer so."""


def mark_of(capacity: Capacity | None) -> str:
    """What a form carries, to know whether the number changed since it was shown."""
    return f"{capacity.quantity} {capacity.as_of.isoformat()}" if capacity else ""


@transaction.atomic
def ask_capacity(
    *, by: User, site: Establishment, basis: str, asked: int, reason: str
) -> CapacityRequest:
    """Ask for another number, with a reason; one open request for each basis; journaled."""
    if not Establishment.objects.for_user(by, to=Action.CAP_PROPOSE).filter(pk=site.pk).exists():
        raise CapacityError("Votre profil ne permet pas de demander une correction ici.")
    if not site.is_open:
        raise CapacityError("Cet établissement est fermé.")
    known = Capacity.objects.filter(establishment=site, basis=basis).first()
    if known and known.quantity == asked:
        raise CapacityError("C’est déjà le nombre connu\u00a0: il n’y a rien à corriger.")
    if not 0 <= asked <= LARGEST:
        raise CapacityError("Ce nombre n’est pas possible.")
    request = CapacityRequest(
        establishment=site,
        basis=basis,
        known=known.quantity if known else None,
        asked=asked,
        reason=reason,
        asked_by=by,
    )
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as refusal:
        raise CapacityError(
            f"Une correction du nombre de {Basis(basis).label}s attend déjà sa réponse\u00a0: "
            "retirez-la pour en demander une autre."
        ) from refusal
    record(
        "orders.capacity_asked",
        by=by,
        target=site,
        place=site,
        reason=reason,
        before={basis: request.known},
        after={basis: asked},
    )
    return request


@transaction.atomic
def withdraw_request(*, by: User, request: CapacityRequest) -> None:
    """By the person who asked or a colleague of the same place; journaled."""
    (locked,) = _locked([request.pk])
    site = locked.establishment
    if not Establishment.objects.for_user(by, to=Action.CAP_PROPOSE).filter(pk=site.pk).exists():
        raise CapacityError("Votre profil ne permet pas de retirer cette demande.")
    _require_open(locked)
    locked.state, locked.decided_at = State.WITHDRAWN, timezone.now()
    locked.save(update_fields=["state", "decided_at"])
    record(
        "orders.capacity_withdrawn",
        by=by,
        target=site,
        place=site,
        basis=locked.get_basis_display(),
    )


@transaction.atomic
def decide_requests(
    *, by: User, seen: Mapping[int, str], accepted: bool, answer: str
) -> list[CapacityRequest]:
    """One answer for several requests, all of them or none; mailed to who asked; journaled.

    ``seen``: for each request the mark of the number known when the decision was shown.
    """
    if not accepted and not answer:
        raise CapacityError("Dites pourquoi la correction est refusée.")
    if len(seen) > MOST:
        raise CapacityError(f"{MOST} demandes au plus à la fois.")
    rows = _locked(seen)
    reached = CapacityRequest.objects.for_user(by, to=Action.CAP_VALIDATE)
    if not rows or reached.filter(pk__in=seen).count() != len(seen):
        raise CapacityError("Une de ces demandes n’est pas de votre ressort.")
    known = _known(rows)
    for row in rows:
        _require_decidable(row, by, known.get(_key(row)), seen[row.pk])
    for row in rows:
        _decide(row, by, known.get(_key(row)), accepted=accepted, answer=answer)
    return rows


def _require_decidable(row: CapacityRequest, by: User, known: Capacity | None, seen: str) -> None:
    _require_open(row)
    if row.asked_by_id == by.pk:
        raise CapacityError(
            f"{row.establishment}\u00a0: vous avez demandé cette correction, une autre personne en "
            "décide."
        )
    if mark_of(known) != seen:
        now = f"{known.quantity} au {known.as_of:%d/%m/%Y}" if known else "inconnu"
        raise ChangedMeanwhileError(
            f"{row.establishment}\u00a0: le nombre de {row.get_basis_display()}s connu vient de "
            f"changer ({now}). Rien n’est décidé\u00a0: relisez."
        )


def _decide(
    row: CapacityRequest, by: User, known: Capacity | None, *, accepted: bool, answer: str
) -> None:
    row.state = State.ACCEPTED if accepted else State.REFUSED
    row.decided_by, row.decided_at, row.answer = by, timezone.now(), answer
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    site, verb = row.establishment, "orders.capacity_refused"
    values: dict[str, Any] = {"basis": row.basis, "asked": row.asked}
    if accepted:
        verb = "orders.capacity_accepted"
        values = {
            "before": {row.basis: known.quantity if known else None},
            "after": {row.basis: row.asked},
        }
        _write(row, known)
    record(verb, by=by, target=site, place=site, reason=row.reason, answer=answer, **values)
    tell_answer(row)


def _write(row: CapacityRequest, known: Capacity | None) -> None:
    """As said on the day it was asked, or on that of a more recent number it corrects."""
    day = timezone.localdate(row.asked_at)
    Capacity.objects.update_or_create(
        establishment=row.establishment,
        basis=row.basis,
        defaults={
            "quantity": row.asked,
            "as_of": max(day, known.as_of) if known else day,
            "source": f"correction demandée par l’établissement, acceptée le "
            f"{timezone.localdate():%d/%m/%Y}",
        },
    )


def _locked(numbers: Iterable[int]) -> list[CapacityRequest]:
    """In one order: two people who decide of the same requests wait for each other.

    Who decided is read after the wait: a join would tell what was before it.
    """
    rows = CapacityRequest.objects.select_for_update(of=("self",), no_key=True)
    found: list[CapacityRequest] = list(
        rows.select_related("establishment", "asked_by").filter(pk__in=list(numbers)).order_by("pk")
    )
    return found


def _known(rows: Sequence[CapacityRequest]) -> dict[Key, Capacity]:
    sites = {row.establishment_id for row in rows}
    found = Capacity.objects.select_for_update(of=("self",), no_key=True)
    held = found.filter(establishment__in=sites).order_by("pk")
    return {(one.establishment_id, one.basis): one for one in held}


def _key(row: CapacityRequest) -> Key:
    return row.establishment_id, row.basis


def _require_open(row: CapacityRequest) -> None:
    if row.state == State.OPEN:
        return
    who = f" par {row.decided_by}" if row.decided_by else ""
    day = timezone.localtime(row.decided_at) if row.decided_at else None
    when = f" le {day:%d/%m/%Y}" if day else ""
    raise CapacityError(
        f"{row.establishment}\u00a0: cette demande est déjà {row.get_state_display()}{who}{when}."
    )
