"""Medicines, as ``establishments.redistribution`` needs them told."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from accounts.agencies import agency_addresses
from accounts.notices.aid import write_to
from establishments.models import Region
from establishments.perimeter import Action, PerimeterQuerySet
from establishments.redistribution.held import Held, Key
from establishments.redistribution.rows import TradePart
from establishments.redistribution.trade import Event, Letter, Person, Trade
from medications.models import Monitoring, ReferenceProduct
from pui.aid.requests import prefilled
from pui.aid.stocks import OTHERS, catalogue_today, held_by, units_of
from pui.models import MedicineNeed, MedicineTransfer, Pui
from pui.region.contacts import own_contact, people_of, recipients_of


class Medicines(Trade):
    """Places are pharmacies, goods the reference products of the list of the other medicines.

    Some pharmacies declare their nearest expiry; the giver always tells it when shipping.
    """

    key = "medicaments"
    label = "Médicaments"
    urls = "aid_medicines"
    explained = "aid/medicines_explained.html"
    needs = MedicineNeed
    transfers = MedicineTransfer
    goods = ReferenceProduct
    site_path = "establishment"
    tells_expiry = True
    verbs = {
        Event.NEED_OPENED: "pui.aid_need_opened",
        Event.NEED_WIDENED: "pui.aid_need_widened",
        Event.NEED_ENDED: "pui.aid_need_ended",
        Event.PROPOSED: "pui.aid_proposed",
        Event.TRANSFER_ADDED: "pui.aid_transfer_added",
        Event.QUANTITY_CHANGED: "pui.aid_quantity_changed",
        Event.CONFIRMED: "pui.aid_confirmed",
        Event.ACCEPTED: "pui.aid_accepted",
        Event.SHIPPED: "pui.aid_shipped",
        Event.RECEIVED: "pui.aid_received",
        Event.REFUSED: "pui.aid_refused",
        Event.CANCELLED: "pui.aid_cancelled",
    }
    together = {
        Action.AID_ASK: (Action.MED_READ,),
        Action.AID_PROPOSE: (Action.DASH_MED,),
        Action.AID_ACCEPT: (Action.MED_WRITE,),
    }

    def places(self) -> PerimeterQuerySet:
        rows: PerimeterQuerySet = Pui.objects.open_on(timezone.localdate())
        return rows.select_related("establishment__region")

    def offered_goods(self) -> Any:
        followed = Monitoring.objects.in_force(timezone.localdate()).filter(monitored_list=OTHERS)
        return ReferenceProduct.objects.filter(pk__in=followed.values("product__reference"))

    def units_of(self, goods: Collection[int]) -> dict[int, str]:
        return units_of(goods)

    def held(
        self,
        places: PerimeterQuerySet,
        goods: Collection[int],
        now: datetime,
        *,
        without: int | None = None,
    ) -> dict[Key, Held]:
        rows = ReferenceProduct.objects.filter(pk__in=goods)
        numbers = dict(rows.order_by().values_list("label", "pk"))
        puis: Any = places.order_by().values("pk")
        held = held_by(catalogue_today(now), numbers, puis, now, without=without)
        return {(pui, numbers[label]): one for (pui, label), one in held.items()}

    def recipients(self, places: Iterable[Pui]) -> list[str]:
        puis = list(places)
        people = people_of(puis)
        return [address for one in puis for address in recipients_of(one, people[one.pk])]

    def agency(self, region: Region | None) -> list[str]:
        return agency_addresses(region)

    def people(self, place: Pui) -> list[str]:
        return [one for one in (own_contact(place), *map(str, people_of([place])[place.pk])) if one]

    def delivery(self, place: Pui) -> str:
        """The pharmacy's own address, else that of its site; then when it receives."""
        told = place if place.address else place.establishment
        town = f"{told.postal_code} {told.town}".strip()
        where = ", ".join(filter(None, (place.recipient, told.address, town)))
        return ". ".join(filter(None, (where, place.opening_hours)))

    def tell(self, addresses: Iterable[str], letter: Letter) -> None:
        write_to(addresses, subject=letter.subject, lines=letter.lines, path=letter.path)

    def declared_text(self, day: date | None) -> str:
        return f"échéance du {day:%d/%m}" if day else "échéance inconnue"

    def prefilled(self, user: Person, query: Mapping[str, str]) -> dict[str, Any]:
        return prefilled(user, query)

    def named(self, place: Pui) -> str:
        return f"{place.label}, {place.establishment.name}"


MEDICINES: Final = Medicines()
PART: Final = TradePart(MEDICINES)
