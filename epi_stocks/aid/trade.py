"""Protective equipment, as ``establishments.redistribution`` needs it told."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse

from accounts.agencies import agency_addresses
from accounts.notices.aid import write_to
from common.weeks import current_week
from epi_stocks.aid import contacts
from epi_stocks.aid.stocks import held_by, keeping_stock
from epi_stocks.models import EpiItem, EquipmentNeed, EquipmentTransfer
from establishments.models import Establishment, Region
from establishments.perimeter import Action, PerimeterQuerySet
from establishments.redistribution.held import Held, Key
from establishments.redistribution.rows import TradePart
from establishments.redistribution.trade import Event, Letter, Trade


class Equipment(Trade):
    """Places are establishments, goods the items of the weekly inventory, gloves as a total.

    Who orders equipment for an establishment may ask too, without typing its inventory.
    """

    key = "epi"
    label = "Équipements de protection"
    urls = "aid_equipment"
    explained = "aid/equipment_explained.html"
    needs = EquipmentNeed
    transfers = EquipmentTransfer
    goods = EpiItem
    site_path = ""
    verbs = {
        Event.NEED_OPENED: "epi_stocks.aid_need_opened",
        Event.NEED_WIDENED: "epi_stocks.aid_need_widened",
        Event.NEED_ENDED: "epi_stocks.aid_need_ended",
        Event.PROPOSED: "epi_stocks.aid_proposed",
        Event.TRANSFER_ADDED: "epi_stocks.aid_transfer_added",
        Event.QUANTITY_CHANGED: "epi_stocks.aid_quantity_changed",
        Event.CONFIRMED: "epi_stocks.aid_confirmed",
        Event.ACCEPTED: "epi_stocks.aid_accepted",
        Event.SHIPPED: "epi_stocks.aid_shipped",
        Event.RECEIVED: "epi_stocks.aid_received",
        Event.REFUSED: "epi_stocks.aid_refused",
        Event.CANCELLED: "epi_stocks.aid_cancelled",
    }
    together = {
        Action.AID_ASK: (Action.EPI_READ, Action.ORD_WRITE),
        Action.AID_PROPOSE: (Action.DASH_EPI,),
        Action.AID_ACCEPT: (Action.EPI_WRITE,),
    }

    def places(self) -> PerimeterQuerySet:
        rows: Any = keeping_stock().select_related("region")
        found: PerimeterQuerySet = rows
        return found

    def offered_goods(self) -> Any:
        items: Any = EpiItem.objects
        return items.top().on(current_week())

    def held(
        self,
        places: PerimeterQuerySet,
        goods: Collection[int],
        now: datetime,
        *,
        without: int | None = None,
    ) -> dict[Key, Held]:
        return held_by(places, goods, now, without=without)

    def recipients(self, places: Iterable[Establishment]) -> list[str]:
        return contacts.recipients(places)

    def agency(self, region: Region | None) -> list[str]:
        return agency_addresses(region)

    def origin(self, need: Any, user: Any) -> tuple[str, str] | None:
        """A « demande de dépannage » of Distrilog-Santé: a higher floor, known by its key alone."""
        row = need.relief_requests.for_user(user, to=Action.ORD_QUOTA_READ).first()
        if row is None:
            return None
        return f"Demande n°{row.pk}", reverse("orders:relief_request", args=[row.pk])

    def people(self, place: Establishment) -> list[str]:
        return contacts.people(place)

    def delivery(self, place: Establishment) -> str:
        town = f"{place.postal_code} {place.town}".strip()
        return ", ".join(filter(None, (place.address, town)))

    def tell(self, addresses: Iterable[str], letter: Letter) -> None:
        write_to(addresses, subject=letter.subject, lines=letter.lines, path=letter.path)

    def declared_text(self, day: date | None) -> str:
        return f"semaine du {day:%d/%m}" if day else "semaine inconnue"


EQUIPMENT: Final = Equipment()
PART: Final = TradePart(EQUIPMENT)
