"""A pharmacy in need: opened by itself or its ARS, widened to the country, ended with an answer."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from establishments.redistribution.states import LIVE, NeedState, Side, Step, TransferState, Urgency
from journal.services import record
from medications.models import ReferenceProduct
from pui.aid.letters import tell_agency, tell_country
from pui.aid.rights import puis_to
from pui.models import MedicineNeed, Pui

SHORTEST_REASON = 5
LATEST = timedelta(days=60)
PROMISED = (TransferState.CONFIRMED, TransferState.ACCEPTED, TransferState.SHIPPED)


class AidError(Exception):
    """Nothing changed. The message is written for the person, in French."""


@transaction.atomic
def open_need(
    *,
    by: User,
    pui: Pui,
    reference: ReferenceProduct,
    quantity: int,
    reason: str,
    urgency: Urgency,
    wanted_on: date,
    now: datetime | None = None,
) -> MedicineNeed:
    """Say that a pharmacy lacks so many units; its ARS is written to. Raise ``AidError``."""
    now = now or timezone.now()
    reason = reason.strip()
    if not puis_to(by, Action.AID_ASK).filter(pk=pui.pk).exists():
        raise AidError("Votre profil ne demande pas de dépannage pour cette PUI.")
    _require_sense(pui, quantity, reason, wanted_on, timezone.localdate(now))
    need = MedicineNeed(
        pui=pui,
        reference=reference,
        quantity=quantity,
        reason=reason,
        urgency=urgency,
        wanted_on=wanted_on,
        opened_by=by,
    )
    try:
        with transaction.atomic():
            need.save()
    except IntegrityError as conflict:
        raise AidError(
            f"Un besoin de {reference} est déjà ouvert pour {pui}\u00a0: complétez-le ou attendez "
            "sa fin."
        ) from conflict
    _record(
        "pui.aid_need_opened",
        by,
        need,
        quantity=quantity,
        reason=reason,
        urgency=Urgency(urgency).label,
    )
    tell_agency(
        pui,
        subject=f"Besoin de dépannage\u00a0: {reference}, {pui}",
        lines=[
            f"{pui} ({pui.establishment.name}) demande {quantity} unités de {reference}, "
            f"{Urgency(urgency).label}, souhaitées pour le {wanted_on:%d/%m/%Y}.",
            f"Motif\u00a0: {reason}",
        ],
        path=address_of(need),
    )
    return need


def _require_sense(pui: Pui, quantity: int, reason: str, wanted_on: date, today: date) -> None:
    if not pui.is_open:
        raise AidError(f"La PUI {pui} est fermée\u00a0: elle ne reçoit plus de médicaments.")
    if quantity < 1:
        raise AidError("Demandez au moins une unité.")
    if len(reason) < SHORTEST_REASON:
        raise AidError("Dites pourquoi en quelques mots\u00a0: l’ARS et le donneur le liront.")
    if not today <= wanted_on <= today + LATEST:
        raise AidError("La date souhaitée est aujourd’hui ou dans les 60 jours.")


@transaction.atomic
def widen_need(*, by: User, need: MedicineNeed) -> bool:
    """Ask the national cell to look beyond the region. False: it was asked already."""
    row = lock_need(need.pk)
    require_agency(by, row)
    require_open(row)
    if row.is_beyond:
        return False
    row.is_beyond = True
    row.save(update_fields=["is_beyond"])
    _record("pui.aid_need_widened", by, row)
    tell_country(
        subject=f"Dépannage hors région\u00a0: {row.reference}, {row.pui}",
        lines=[
            f"Il manque encore {row.remaining} unités de {row.reference} à {row.pui} "
            f"({row.pui.establishment.name})\u00a0: sa région ne les trouve pas.",
            f"Motif\u00a0: {row.reason}",
        ],
        path=address_of(row),
    )
    return True


@transaction.atomic
def end_need(
    *, by: User, need: MedicineNeed, answer: str, now: datetime | None = None
) -> MedicineNeed:
    """The agency closes a need with its answer; those who ask cancel it. Raise ``AidError``.

    What was only proposed goes with it; what a pharmacy was told of is cancelled first, by hand.
    """
    now, answer = now or timezone.now(), answer.strip()
    row = lock_need(need.pk)
    is_agency = puis_to(by, Action.AID_PROPOSE).filter(pk=row.pui_id).exists()
    if not is_agency and not puis_to(by, Action.AID_ASK).filter(pk=row.pui_id).exists():
        raise AidError("Ce besoin n’est pas de votre ressort.")
    require_open(row)
    if len(answer) < SHORTEST_REASON:
        raise AidError("Dites pourquoi ce besoin s’arrête\u00a0: la PUI et l’ARS le liront.")
    live = list(row.transfers.select_for_update(no_key=True).filter(state__in=LIVE))
    if any(one.state in PROMISED for one in live):
        raise AidError(
            "Des transferts sont en cours pour ce besoin\u00a0: annulez-les ou attendez leur "
            "réception."
        )
    for one in live:
        one.take(Step.CANCEL, Side.AGENCY, by=by, at=now, reason=answer)
        one.save()
    row.end(NeedState.CLOSED if is_agency else NeedState.CANCELLED, by=by, at=now, answer=answer)
    row.save()
    _record("pui.aid_need_ended", by, row, state=NeedState(row.state).label, reason=answer)
    return row


def lock_need(pk: int) -> MedicineNeed:
    """Two people act on a need one after the other."""
    rows = MedicineNeed.objects.select_for_update(no_key=True, of=("self",))
    need: MedicineNeed = rows.select_related("pui__establishment", "reference").get(pk=pk)
    return need


def require_agency(by: User, need: MedicineNeed) -> None:
    if not puis_to(by, Action.AID_PROPOSE).filter(pk=need.pui_id).exists():
        raise AidError("Seuls l’ARS de la région et le niveau national cherchent des donneurs.")


def require_open(need: MedicineNeed) -> None:
    if not need.is_open:
        raise AidError(f"Ce besoin est {NeedState(need.state).label}\u00a0: il ne change plus.")


def address_of(need: MedicineNeed) -> str:
    return reverse("aid_medicines:need", args=[need.pk])


def _record(verb: str, by: User, need: MedicineNeed, **details: Any) -> None:
    record(verb, by=by, target=need, place=need.pui.establishment, need=need.pk, **details)
