"""A place in need: opened by itself or its agency, widened to the country, ended with an answer."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from establishments.mailboxes import national_mailboxes
from establishments.perimeter import Action
from establishments.redistribution.held import units_text
from establishments.redistribution.models import Need
from establishments.redistribution.rights import is_agency, is_asking, places_to
from establishments.redistribution.states import LIVE, NeedState, Side, Step, TransferState, Urgency
from establishments.redistribution.trade import Event, Letter, Trade
from journal.services import record

SHORTEST_REASON = 5
LATEST = timedelta(days=60)
PROMISED = (TransferState.CONFIRMED, TransferState.ACCEPTED, TransferState.SHIPPED)


class AidError(Exception):
    """Nothing changed. The message is written for the person, in French."""


@transaction.atomic
def open_need(
    trade: Trade,
    *,
    by: Any,
    place: Any,
    goods: Any,
    quantity: int,
    reason: str,
    urgency: Urgency,
    wanted_on: date,
    now: datetime | None = None,
) -> Need:
    """Say that a place lacks so many units; its ARS is told. Raise ``AidError``."""
    now, reason = now or timezone.now(), reason.strip()
    if not places_to(trade, by, Action.AID_ASK).filter(pk=place.pk).exists():
        raise AidError(f"Votre profil ne demande pas de dépannage pour {place}.")
    if not trade.offered_goods().filter(pk=goods.pk).exists():
        raise AidError(f"{goods} n’est pas suivi aujourd’hui.")
    _require_sense(quantity, reason, wanted_on, timezone.localdate(now))
    need = trade.needs(
        **{trade.needs.place_field: place, trade.needs.goods_field: goods},
        quantity=quantity,
        reason=reason,
        urgency=urgency,
        wanted_on=wanted_on,
        opened_by=by,
    )
    _save_once(need)
    record_need(
        trade,
        Event.NEED_OPENED,
        by,
        need,
        quantity=quantity,
        reason=reason,
        urgency=Urgency(urgency).label,
    )
    if not is_agency(trade, by, need):  # who opens a need for a place that called knows of it
        _tell_agency(trade, need)
    return need


def _save_once(need: Need) -> None:
    """The database decides of two people who ask for the same."""
    try:
        with transaction.atomic():
            need.save()
    except IntegrityError as conflict:
        raise AidError(
            f"Un besoin est déjà ouvert pour {need.place} ({need.goods})\u00a0: attendez sa fin ou "
            "annulez-le."
        ) from conflict


def _tell_agency(trade: Trade, need: Need) -> None:
    quantity = units_text(need.quantity, trade.unit_of(need.goods_pk))
    asked = f"{quantity} ({need.goods}), {Urgency(need.urgency).label}"
    letter = Letter(
        f"Besoin de dépannage\u00a0: {need.goods}, {need.place}",
        (
            f"{need.place} demande {asked}, souhaitées pour le {need.wanted_on:%d/%m/%Y}.",
            f"Motif\u00a0: {need.reason}",
        ),
        address_of(trade, need),
    )
    trade.tell(trade.agency(trade.site_of(need.place).region), letter)


def _require_sense(quantity: int, reason: str, wanted_on: date, today: date) -> None:
    if quantity < 1:
        raise AidError("Demandez au moins une unité.")
    if len(reason) < SHORTEST_REASON:
        raise AidError("Dites pourquoi en quelques mots\u00a0: l’ARS et le donneur le liront.")
    if not today <= wanted_on <= today + LATEST:
        raise AidError("La date souhaitée est aujourd’hui ou dans les 60 jours.")


@transaction.atomic
def widen_need(trade: Trade, *, by: Any, need: Need) -> bool:
    """Ask the national cell to look beyond the region. False: it was asked already."""
    row = lock_need(trade, need.pk)
    require_agency(trade, by, row)
    require_open(row)
    if row.is_beyond:
        return False
    row.is_beyond = True
    row.save(update_fields=["is_beyond"])
    record_need(trade, Event.NEED_WIDENED, by, row)
    remaining = units_text(row.remaining, trade.unit_of(row.goods_pk))
    letter = Letter(
        f"Dépannage hors région\u00a0: {row.goods}, {row.place}",
        (
            f"Il reste {remaining} à trouver ({row.goods}) pour {row.place}"
            "\u00a0: sa région ne les trouve pas.",
            f"Motif\u00a0: {row.reason}",
        ),
        address_of(trade, row),
    )
    trade.tell(national_mailboxes(), letter)
    return True


@transaction.atomic
def end_need(
    trade: Trade, *, by: Any, need: Need, answer: str, now: datetime | None = None
) -> Need:
    """The agency closes a need with its answer; those who ask cancel it. Raise ``AidError``.

    What was only proposed goes with it; what a place was told of is cancelled first, by hand.
    """
    now, answer = now or timezone.now(), answer.strip()
    row = lock_need(trade, need.pk)
    is_of_agency = is_agency(trade, by, row)
    if not is_of_agency and not is_asking(trade, by, row):
        raise AidError("Ce besoin n’est pas de votre ressort.")
    require_open(row)
    if len(answer) < SHORTEST_REASON:
        raise AidError("Dites pourquoi ce besoin s’arrête\u00a0: le demandeur et l’ARS le liront.")
    live = list(row.transfers.select_for_update(no_key=True).filter(state__in=LIVE))
    if any(one.state in PROMISED for one in live):
        raise AidError(
            "Des transferts sont en cours pour ce besoin\u00a0: annulez-les ou attendez leur "
            "réception."
        )
    for one in live:
        one.take(Step.CANCEL, Side.AGENCY, by=by, at=now, reason=answer)
        one.save()
    row.end(NeedState.CLOSED if is_of_agency else NeedState.CANCELLED, by=by, at=now, answer=answer)
    row.save()
    record_need(trade, Event.NEED_ENDED, by, row, state=NeedState(row.state).label, reason=answer)
    if is_of_agency:
        letter = Letter(
            f"Votre besoin est clos\u00a0: {row.goods}",
            (f"L’ARS a clos le besoin de {row.place}. Sa réponse\u00a0: {answer}",),
            address_of(trade, row),
        )
        trade.tell(trade.recipients([row.place]), letter)
    return row


def lock_need(trade: Trade, pk: int) -> Need:
    """Two people act on a need one after the other."""
    rows = trade.needs._default_manager.select_for_update(no_key=True, of=("self",))
    need: Need = rows.select_related(*trade.with_place).get(pk=pk)
    return need


def require_agency(trade: Trade, by: Any, need: Need) -> None:
    if not is_agency(trade, by, need):
        raise AidError("Seuls l’ARS de la région et le niveau national cherchent des donneurs.")


def require_open(need: Need) -> None:
    if not need.is_open:
        raise AidError(f"Ce besoin est {NeedState(need.state).label}\u00a0: il ne change plus.")


def agencies_of(trade: Trade, need: Need) -> list[str]:
    """The ARS of the place; the national cell too, which looks for donors beyond the region."""
    found = trade.agency(trade.site_of(need.place).region)
    return found + national_mailboxes() if need.is_beyond else found


def address_of(trade: Trade, need: Need) -> str:
    return reverse(f"{trade.urls}:need", args=[need.pk])


def record_need(
    trade: Trade, event: Event, by: AbstractBaseUser, need: Need, **details: Any
) -> None:
    verb, place = trade.verbs[event], trade.site_of(need.place)
    record(verb, by=by, target=need, place=place, need=need.pk, **details)
