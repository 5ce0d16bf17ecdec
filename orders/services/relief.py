"""An establishment short of something asks its ARS, which answers once [004].

Three answers: an order on the regional pool, mutual aid, a refusal with its reason. The order of
locks: the request, then the order or the need.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from common.numbers import format_integer
from common.weeks import current_week
from epi_stocks.aid.trade import EQUIPMENT
from epi_stocks.models import EpiItem, EquipmentNeed
from establishments.models import Establishment
from establishments.redistribution.services.needs import AidError, open_need
from establishments.redistribution.states import NeedState, Urgency
from journal.services import record
from orders.models import Beneficiary, DeliveryAddress, Order, Product, ReliefRequest, ReliefStep
from orders.relief.letters import tell_agency, tell_answer
from orders.relief.rights import agency_for, asking_for, may_answer, sites_of
from orders.relief.situation import keeper_of, kept_situation, situation_of
from orders.services.errors import OrderingError
from orders.services.pool_orders import send_pool_order

State = ReliefRequest.State
SHORTEST_REASON, LONGEST_REASON = 5, 500
URGENT_UNDER = 7  # days of cover: mutual aid then looks for today
MOST = 10_000_000


class ReliefError(OrderingError):
    """Nothing was written. The message is for the person, in French."""


class AnsweredMeanwhileError(ReliefError):
    """A colleague answered, or the establishment took its request back."""

    def __init__(self, row: ReliefRequest) -> None:
        who = row.answered_by or row.asked_by
        super().__init__(
            f"Cette demande est maintenant {row.standing} ({who})\u00a0: rien n’a été envoyé."
        )
        self.row = row


@dataclass(frozen=True, slots=True)
class Asked:
    """What is typed of a request."""

    site: Establishment
    item: EpiItem
    quantity: int
    reason: str


@dataclass(frozen=True, slots=True)
class PoolAnswer:
    """The order that answers: units by number of product, where, whom the driver calls.

    ``message`` is for the establishment alone: the warehouse does not read it.
    """

    lines: Mapping[int, int]
    address: DeliveryAddress
    contact_name: str
    contact_phone: str
    token: UUID
    message: str = ""


@transaction.atomic
def ask(*, by: User, beneficiary: Beneficiary, asked: Asked) -> ReliefRequest:
    """Send a request with the situation of the day; the ARS is told. Twice the same is one.

    Raise ``ReliefError``.
    """
    reason = asked.reason.strip()[:LONGEST_REASON]
    _require_asked(by, beneficiary, asked, reason)
    situation = situation_of(beneficiary, asked.site, asked.item)
    row = ReliefRequest(
        beneficiary=beneficiary,
        site=asked.site,
        item=asked.item,
        quantity=asked.quantity,
        reason=reason,
        evidence=situation.kept(),
        cover_days=situation.rank,
        asked_by=by,
        profile=by.active_profile,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return _already_open(by, row)
    units = format_integer(row.quantity)
    add_request_step(
        row, f"Demande envoyée à l’ARS\u00a0: {units} unités. Motif\u00a0: {reason}", by
    )
    record(
        "orders.relief_asked",
        by=by,
        target=row,
        place=beneficiary.place,
        quantity=row.quantity,
        reason=reason,
    )
    tell_agency(row, situation)
    return row


def _require_asked(by: User, beneficiary: Beneficiary, asked: Asked, reason: str) -> None:
    if beneficiary not in asking_for(by):
        raise ReliefError(f"Votre profil ne commande pas pour {beneficiary}.")
    if asked.site not in sites_of(beneficiary):
        raise ReliefError("Choisissez un site ouvert de votre établissement.")
    if not EpiItem.objects.top().on(current_week()).filter(pk=asked.item.pk).exists():
        raise ReliefError(f"{asked.item} n’est pas suivi aujourd’hui.")
    if not 1 <= asked.quantity <= MOST:
        raise ReliefError(f"Demandez d’une unité à {format_integer(MOST)}.")
    if len(reason) < SHORTEST_REASON:
        raise ReliefError("Dites pourquoi en quelques mots\u00a0: l’ARS le lira.")


def _already_open(by: User, wanted: ReliefRequest) -> ReliefRequest:
    same: ReliefRequest | None = ReliefRequest.objects.filter(
        beneficiary=wanted.beneficiary, site=wanted.site, item=wanted.item, state=State.OPEN
    ).first()
    if same is None:
        raise ReliefError("La demande vient d’être traitée\u00a0: envoyez de nouveau.")
    if same.asked_by == by and (same.quantity, same.reason) == (wanted.quantity, wanted.reason):
        return same
    raise ReliefError(
        f"Une demande est déjà ouverte pour {wanted.item} ({wanted.site})\u00a0: "
        f"{format_integer(same.quantity)} unités, demandées par {same.asked_by} le "
        f"{timezone.localtime(same.asked_at):%d/%m/%Y}. Attendez la réponse ou retirez-la."
    )


@transaction.atomic
def withdraw(*, by: User, request: ReliefRequest) -> ReliefRequest:
    """Those who order for the place take back a request that waits for the ARS."""
    row = locked_request(request)
    if row.state == State.WITHDRAWN:
        return row
    if not is_answerable(row):
        raise AnsweredMeanwhileError(row)
    if row.beneficiary not in asking_for(by):
        raise ReliefError("Seul l’établissement retire sa demande.")
    row.state, row.answered_at = State.WITHDRAWN, timezone.now()
    row.save(update_fields=["state", "answered_at"])
    add_request_step(row, "Demande retirée par l’établissement.", by)
    record("orders.relief_withdrawn", by=by, target=row, place=row.beneficiary.place)
    return row


@transaction.atomic
def answer_by_order(*, by: User, request: ReliefRequest, answer: PoolAnswer) -> Order:
    """Order on the regional pool, delivered to the establishment. Sent twice, it is one order.

    Raise as ``send_pool_order``, ``AnsweredMeanwhileError`` when somebody was quicker.
    """
    row = locked_request(request)
    if row.order is not None and row.order.token == answer.token:
        return row.order
    _require_answerable(by, row)
    agency = agency_for(by, row)
    if agency is None:
        raise ReliefError("Seule l’ARS de la région commande sur son pot commun.")
    if answer.address.beneficiary_id != row.beneficiary_id:
        raise ReliefError("Choisissez une adresse de l’établissement qui demande.")
    _require_products(row, answer.lines)
    order = send_pool_order(
        by=by,
        agency=agency,
        lines=answer.lines,
        address=answer.address,
        contact_name=answer.contact_name,
        contact_phone=answer.contact_phone,
        token=answer.token,
        comment=f"Dépannage n°{row.pk}\u00a0: {row.site}",
    )
    row.order, row.granted, row.received = order, sum(answer.lines.values()), None
    text = f"Commande {order.number} sur le pot commun\u00a0: {format_integer(row.granted)} unités."
    _answered(row, State.ORDERED, by, text, answer.message)
    record(
        "orders.relief_ordered",
        by=by,
        target=row,
        place=row.beneficiary.place,
        order=order.number,
        quantity=row.granted,
    )
    return order


def _require_products(row: ReliefRequest, lines: Mapping[int, int]) -> None:
    found = Product.objects.of_state().filter(pk__in=lines, item=row.item).count()
    if not lines or found != len(lines):
        raise ReliefError(f"Choisissez des produits du stock de l’État\u00a0: {row.item}.")


@transaction.atomic
def answer_by_aid(*, by: User, request: ReliefRequest, comment: str = "") -> EquipmentNeed:
    """Open a need of mutual aid for the site, or join the one already open; linked both ways."""
    row = locked_request(request)
    if row.state == State.AIDED and row.need is not None and row.need.is_open:
        return row.need
    _require_answerable(by, row)
    place = keeper_of(row.site, current_week())
    need = EquipmentNeed.objects.filter(
        establishment=place, item=row.item, state=NeedState.OPEN
    ).first()
    if need is None:
        need = _opened_need(row, place, by)
    row.need = need
    _answered(row, State.AIDED, by, "L’ARS cherche des établissements qui peuvent donner.", comment)
    record("orders.relief_aided", by=by, target=row, place=row.beneficiary.place, need=need.pk)
    return need


def _opened_need(row: ReliefRequest, place: Establishment, by: User) -> EquipmentNeed:
    days = kept_situation(row.evidence).rank
    urgency = Urgency.TODAY if days is not None and days < URGENT_UNDER else Urgency.SOON
    reason = f"Demande de dépannage n°{row.pk}\u00a0: {row.reason}"
    try:
        opened: EquipmentNeed = open_need(  # type: ignore[assignment]
            EQUIPMENT,
            by=by,
            place=place,
            goods=row.item,
            quantity=row.quantity,
            reason=reason[:LONGEST_REASON],
            urgency=urgency,
            wanted_on=timezone.localdate() + timedelta(days=0 if urgency is Urgency.TODAY else 2),
        )
    except AidError as error:
        raise ReliefError(str(error)) from error
    return opened


@transaction.atomic
def refuse(*, by: User, request: ReliefRequest, reason: str) -> ReliefRequest:
    """Say no, and why."""
    row, reason = locked_request(request), reason.strip()[:LONGEST_REASON]
    _require_answerable(by, row)
    if len(reason) < SHORTEST_REASON:
        raise ReliefError("Dites pourquoi vous refusez\u00a0: l’établissement le lira.")
    _answered(row, State.REFUSED, by, f"Demande refusée\u00a0: {reason}", reason)
    record("orders.relief_refused", by=by, target=row, place=row.beneficiary.place, reason=reason)
    return row


def is_answerable(row: ReliefRequest) -> bool:
    """Open, or answered by an order or a need that came to nothing."""
    return row.is_open or row.is_lost


def _require_answerable(by: User, row: ReliefRequest) -> None:
    if not may_answer(by, row):
        raise ReliefError("Seule l’ARS de la région répond à cette demande.")
    if not is_answerable(row):
        raise AnsweredMeanwhileError(row)


def _answered(row: ReliefRequest, state: str, by: User, text: str, answer: str) -> None:
    row.state, row.answered_by, row.answered_at = state, by, timezone.now()
    row.answer = answer.strip()[:LONGEST_REASON]
    if state != State.ORDERED:
        row.granted = None
    row.save()
    add_request_step(row, text if row.answer in text else f"{text} {row.answer}", by)
    tell_answer(row, text)


def add_request_step(row: ReliefRequest, text: str, by: User) -> None:
    ReliefStep.objects.create(request=row, text=text[:600], at=timezone.now(), by=by)


def locked_request(request: ReliefRequest) -> ReliefRequest:
    """As it is now, one person at a time."""
    rows = ReliefRequest.objects.select_for_update(of=("self",), no_key=True).for_list()
    found: ReliefRequest = rows.select_related(
        "beneficiary__establishment", "beneficiary__legal_entity", "beneficiary__region",
        "site", "item", "asked_by", "answered_by", "order", "need",
    ).get(pk=request.pk)  # fmt: skip
    return found
