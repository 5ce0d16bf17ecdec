"""The lists of needs and transfers that follow from a ``Trade``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from establishments.perimeter import Action, Holder
from establishments.redistribution.distance import Distance, Source
from establishments.redistribution.held import UNIT, held_in, units_text, why_sentence
from establishments.redistribution.models import Need, Transfer
from establishments.redistribution.parts import PER_PAGE, NeedRow, Rows, Shown, TransferRow
from establishments.redistribution.rights import (
    Sides,
    agency_needs,
    may,
    visible_needs,
    visible_transfers,
)
from establishments.redistribution.states import (
    ENDED,
    LIVE,
    NeedState,
    Step,
    TransferState,
    Urgency,
)
from establishments.redistribution.trade import Person, Trade

ACTIONS: Final = (Action.AID_ASK, Action.AID_PROPOSE, Action.AID_ACCEPT)
TO_DO: Final = {
    Step.CONFIRM: "À confirmer",
    Step.ACCEPT: "À accepter",
    Step.SHIP: "À expédier",
    Step.RECEIVE: "À réceptionner",
}
MOST_WAITING: Final = 200


@dataclass(frozen=True, slots=True)
class ShownTransfer:
    """``is_editable``: proposed, and the reader may change or confirm it."""

    row: Transfer
    giver: str
    quantity: str
    state: TransferState
    sentence: str
    to_do: str
    is_editable: bool


@dataclass(frozen=True, slots=True)
class ShownNeed:
    need: Need
    transfers: list[ShownTransfer]
    unit: str = UNIT

    @property
    def asked(self) -> str:
        return units_text(self.need.quantity, self.unit)

    @property
    def left(self) -> str:
        return units_text(self.need.remaining, self.unit)

    @property
    def has_proposals(self) -> bool:
        return any(one.is_editable for one in self.transfers)


class TradePart:
    """Keeps to ``parts.Part`` for a trade."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self.key, self.label = trade.key, trade.label

    def is_shown_to(self, user: Any) -> bool:
        return any(may(self.trade, user, action) for action in ACTIONS)

    def open_url(self, user: Any) -> str:
        return self._address("open") if may(self.trade, user, Action.AID_ASK) else ""

    def propose_url(self, user: Any) -> str:
        return self._address("propose") if may(self.trade, user, Action.AID_PROPOSE) else ""

    def _address(self, name: str) -> str:
        return reverse(f"{self.trade.urls}:{name}")

    def waiting(self, user: Any) -> int:
        """Transfers that wait for a step of this person, and needs with units to find."""
        transfers, _ = waiting_transfers(self.trade, user)
        return len(transfers) + len(needs_to_serve(self.trade, user))

    def needs_for(
        self, user: Holder, shown: Shown, offset: int = 0, *, region: str = ""
    ) -> Rows[NeedRow]:
        person: Any = user
        place = self.trade.needs.place_field
        rows = visible_needs(self.trade, person).filter(in_region(self.trade, region, place))
        rows = rows.open().urgent_first() if shown is Shown.CURRENT else rows.ended()
        page = with_place(self.trade, rows)[offset : offset + PER_PAGE]
        numbers = [one.pk for one in page]
        mine = set(
            agency_needs(self.trade, person).filter(pk__in=numbers).values_list("pk", flat=True)
        )
        units = self.trade.units_of({one.goods_pk for one in page})
        shown_rows = [
            need_row(self.trade, one, one.pk in mine, units.get(one.goods_pk, UNIT)) for one in page
        ]
        return Rows(shown_rows, rows.count())

    def transfers_for(
        self, user: Holder, shown: Shown, offset: int = 0, *, region: str = ""
    ) -> Rows[TransferRow]:
        person: Any = user
        states = LIVE if shown is Shown.CURRENT else ENDED
        ends = in_region(self.trade, region, "giver", f"need__{self.trade.needs.place_field}")
        rows = visible_transfers(self.trade, person).filter(ends, state__in=states)
        ordered = rows.select_related(*self.trade.with_places).order_by("-proposed_at", "-pk")
        page = list(ordered[offset : offset + PER_PAGE])
        sides = Sides(self.trade, person, page)
        return Rows([transfer_row(self.trade, one, sides) for one in page], rows.count())


def in_region(trade: Trade, region: str, *places: str) -> Q:
    """One of these places is there; no region asked, all of them are kept."""
    path = trade.below_site("region")
    found = Q()
    for place in places if region else ():
        found |= Q(**{f"{place}__{path}": region})
    return found


def with_place(trade: Trade, rows: QuerySet[Any]) -> list[Any]:
    """The needs, read with what their rows say."""
    return list(rows.select_related(*trade.with_place).prefetch_related("transfers"))


def waiting_transfers(trade: Trade, user: Person) -> tuple[list[Transfer], Sides]:
    """Those that wait for a step of this person, and for which sides they act."""
    rows = visible_transfers(trade, user).live().select_related(*trade.with_places)
    page = list(rows.order_by("proposed_at", "pk")[:MOST_WAITING])
    sides = Sides(trade, user, page)
    return [one for one in page if sides.awaited(one)], sides


def needs_to_serve(trade: Trade, user: Person) -> list[Need]:
    """Open needs with units to find: an ARS's own; for the national cell, those widened to it."""
    if not may(trade, user, Action.AID_PROPOSE):
        return []
    rows = agency_needs(trade, user).open()
    if user.perimeter_to(Action.AID_PROPOSE).is_national:
        rows = rows.filter(is_beyond=True)
    found = rows.select_related(*trade.with_place).prefetch_related("transfers")
    return [one for one in found.order_by("opened_at", "pk")[:MOST_WAITING] if one.remaining]


def board_of(trade: Trade, user: Person) -> list[ShownNeed]:
    """Needs with units to find, and those whose proposals wait to be confirmed; urgent first."""
    waiting = {one.pk for one in needs_to_serve(trade, user)}
    proposed = visible_transfers(trade, user).filter(state=TransferState.PROPOSED)
    waiting |= set(proposed.order_by().values_list("need", flat=True))
    needs = with_place(trade, agency_needs(trade, user).open().filter(pk__in=waiting))
    rows = visible_transfers(trade, user).live().filter(need__in=waiting)
    found = shown_transfers(trade, user, rows)
    units = trade.units_of({one.goods_pk for one in needs})
    shown = [
        ShownNeed(
            need,
            [one for one in found if one.row.need.pk == need.pk],
            units.get(need.goods_pk, UNIT),
        )
        for need in needs
    ]
    return sorted(shown, key=lambda one: (one.need.urgency_rank, one.need.wanted_on, one.need.pk))


def shown_transfers(trade: Trade, user: Person, rows: QuerySet[Any]) -> list[ShownTransfer]:
    found = list(rows.select_related(*trade.with_places).order_by("proposed_at", "pk"))
    sides = Sides(trade, user, found)
    return [_shown(trade, one, sides) for one in found]


def _shown(trade: Trade, row: Transfer, sides: Sides) -> ShownTransfer:
    step = sides.awaited(row)
    return ShownTransfer(
        row=row,
        giver=trade.named(row.giver),
        quantity=row.units,
        state=TransferState(row.state),
        sentence=sentence_of(trade, row),
        to_do=TO_DO[step] if step else "",
        is_editable=bool(sides.able(row, Step.CONFIRM)),
    )


def sentence_of(trade: Trade, row: Transfer) -> str:
    """Why this donor was proposed, from what was known then."""
    if not row.explanation:
        return ""
    held = held_in(row.explanation)
    distance = Distance(row.distance_km, Source(row.distance_source))
    declared = trade.declared_text(held.declared_on)
    return why_sentence(held, row.quantity, distance, declared, tells_expiry=trade.tells_expiry)


def need_row(trade: Trade, need: Need, is_of_agency: bool, unit: str) -> NeedRow:
    site, remaining = trade.site_of(need.place), need.remaining
    where = [site.name] if trade.site_path else [site.town]
    return NeedRow(
        url=reverse(f"{trade.urls}:need", args=[need.pk]),
        what=str(need.goods),
        place=str(need.place),
        place_detail=", ".join(filter(None, [*where, site.region.name if site.region else ""])),
        quantity=units_text(need.quantity, unit),
        remaining=units_text(remaining, unit),
        urgency=Urgency(need.urgency),
        wanted_on=need.wanted_on,
        state=NeedState(need.state),
        opened_at=need.opened_at,
        to_do="Donneurs à trouver" if is_of_agency and need.is_open and remaining else "",
    )


def transfer_row(trade: Trade, transfer: Transfer, sides: Sides) -> TransferRow:
    step = sides.awaited(transfer)
    return TransferRow(
        url=reverse(f"{trade.urls}:transfer", args=[transfer.pk]),
        what=str(transfer.need.goods),
        giver=str(transfer.giver),
        taker=str(transfer.need.place),
        quantity=transfer.units,
        state=TransferState(transfer.state),
        moved_at=moved_at(transfer),
        to_do=TO_DO[step] if step else "",
    )


def moved_at(transfer: Transfer) -> datetime:
    """When its last step was taken."""
    told: Iterable[datetime | None] = (
        transfer.ended_at,
        transfer.received_at,
        transfer.shipped_at,
        transfer.taker_accepted_at,
        transfer.giver_accepted_at,
        transfer.confirmed_at,
    )
    return max(filter(None, told), default=transfer.proposed_at)
