"""A pharmacy asks its agency for help; the agency answers, always in words."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.models import User
from accounts.notices.sealed import queue_written
from establishments.perimeter import Action
from journal.services import record
from pui.helping.letters import answer_letter, answered_to, tell_agency
from pui.medicine import Medicine
from pui.models import HelpRequest, Pui
from pui.sharing.needs import read_needs

State = HelpRequest.State
ALREADY = "Cette PUI a déjà une demande en cours pour ce produit\u00a0: suivez-la, ou retirez-la."
SHORTEST = 5  # characters of a reason or an answer


class HelpError(Exception):
    """Nothing was written. The message is for the person, in French."""


class Outcome(models.TextChoices):
    """What an agency answers; ``MUTUAL_AID`` leads to looking for donors."""

    TAKEN = State.TAKEN.value, "Prendre en charge"
    MUTUAL_AID = State.MUTUAL_AID.value, "Chercher un dépannage entre PUI"
    SETTLED = State.SETTLED.value, "Réglée\u00a0: la PUI est servie"
    REFUSED = State.REFUSED.value, "Refuser"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is typed of a request."""

    medicine: Medicine
    quantity: int
    urgency: str
    reason: str


@transaction.atomic
def ask_help(*, by: User, pui: Pui, asked: Asked, now: datetime | None = None) -> HelpRequest:
    """Open a request, with the stock and the consumption declared that day; its agency is written
    to; journaled.

    Raise ``HelpError``: one request at a time for a product of a pharmacy, a reason always.
    """
    now = now or timezone.now()
    if not Pui.objects.for_user(by, to=Action.AID_ASK).filter(pk=pui.pk).exists():
        raise HelpError("Vous ne pouvez demander de l’aide que pour une PUI de votre périmètre.")
    if not pui.is_open:
        raise HelpError(f"{pui} est fermée.")
    if len(asked.reason.strip()) < SHORTEST:
        raise HelpError("Écrivez le motif\u00a0: c’est lui que votre ARS lit d’abord.")
    request = _create(by, pui, asked, now)
    record(
        "pui.help_asked",
        by=by,
        target=request,
        place=pui.establishment,
        quantity=request.quantity,
        urgency=str(request.get_urgency_display()),
        reason=request.reason,
    )
    if not _answers(by, pui):
        tell_agency(request)
    return request


def _answers(by: User, pui: Pui) -> bool:
    """Who opens a request for a pharmacy that called knows of it."""
    return Pui.objects.for_user(by, to=Action.AID_PROPOSE).filter(pk=pui.pk).exists()


def _create(by: User, pui: Pui, asked: Asked, now: datetime) -> HelpRequest:
    medicine = asked.medicine
    found = read_needs(medicine, now, Pui.objects.filter(pk=pui.pk))
    need = found[0] if found and found[0].stock is not None else None
    try:
        with transaction.atomic():
            return HelpRequest.objects.create(
                pui=pui,
                product=medicine.product,
                reference=medicine.reference,
                unit=medicine.unit,
                quantity=asked.quantity,
                reason=asked.reason.strip(),
                urgency=asked.urgency,
                stock=need.stock if need else None,
                daily=need.daily if need else None,
                declared_on=found[0].declared_on if found else None,
                asked_by=by,
                profile=by.active_profile,
            )
    except IntegrityError as refusal:
        raise HelpError(ALREADY) from refusal


@transaction.atomic
def withdraw_request(*, by: User, request: HelpRequest) -> HelpRequest:
    """The pharmacy needs it no more; journaled."""
    locked = _lock(by, request, to=Action.AID_ASK)
    if not locked.is_open:
        raise HelpError(f"Cette demande est déjà {locked.get_state_display()}.")
    locked.state = State.WITHDRAWN
    locked.save()
    record("pui.help_withdrawn", by=by, target=locked, place=locked.pui.establishment)
    return locked


@transaction.atomic
def answer_request(
    *,
    by: User,
    request: HelpRequest,
    outcome: str,
    text: str,
    seen: str = "",
    now: datetime | None = None,
) -> HelpRequest:
    """Answer a request, an ``Outcome`` with its words; the pharmacy is mailed; journaled.

    ``seen`` is the state that was on screen: of two colleagues, the second reads the first's
    answer. Raise ``HelpError`` when it is not open any more.
    """
    locked = _lock(by, request, to=Action.AID_PROPOSE)
    text = text.strip()
    if outcome not in Outcome.values:
        raise HelpError("Choisissez une réponse.")
    if len(text) < SHORTEST:
        raise HelpError("Écrivez votre réponse\u00a0: la PUI la reçoit par courriel.")
    _require_unchanged(locked, seen)
    locked.state, locked.answer = outcome, text
    locked.answered_at, locked.answered_by = now or timezone.now(), by
    locked.save()
    record(
        "pui.help_answered",
        by=by,
        target=locked,
        place=locked.pui.establishment,
        answer=str(State(outcome).label),
        note=text,
    )
    _tell_asker(by, locked)
    return locked


def _require_unchanged(request: HelpRequest, seen: str) -> None:
    if not request.is_open:
        raise HelpError(f"Cette demande est déjà {request.get_state_display()}.")
    if seen and seen != request.state:
        raise HelpError(
            f"{request.answered_by} vient de répondre\u00a0: «\u00a0{request.answer}\u00a0» "
            f"({request.get_state_display()}). Relisez, puis complétez s’il le faut."
        )


def _lock(by: User, request: HelpRequest, *, to: Action) -> HelpRequest:
    reached = HelpRequest.objects.for_user(by, to=to)
    locked = (
        reached.select_for_update(of=("self",))
        .select_related(
            "pui__establishment",
            "product",
            "reference",
            "asked_by",
            "answered_by",
            "profile__user",
        )
        .filter(pk=request.pk)
        .first()
    )
    if locked is None:
        raise HelpError("Cette demande n’est pas de votre périmètre.")
    result: HelpRequest = locked
    return result


def _tell_asker(by: User, request: HelpRequest) -> None:
    body = by.active_profile.body if by.active_profile else None
    subject, text = answer_letter(request, str(body or by))
    for address in answered_to(request, by):
        queue_written(subject, text, address)
