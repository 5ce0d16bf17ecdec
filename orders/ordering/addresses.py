"""Where an order may go: the addresses of FINESS, the validated ones, and those that wait."""

from common.identifiers import IdentifierError, normalize_finess
from establishments.models import Establishment
from orders.models import DeliveryAddress, Order
from orders.reading import enlisted
from orders.services.finess_addresses import finess_addresses
from orders.services.holders import Holder

State = DeliveryAddress.State
SHOWN = (State.VALIDATED, State.PROPOSED)


def addresses_of(holder: Holder, finess: str = "") -> list[DeliveryAddress]:
    """Usable ones first. For an ARS, its own and those of the establishment it names [004]."""
    if holder.beneficiary is not None:
        finess_addresses(holder.beneficiary)
    rows = DeliveryAddress.objects.filter(state__in=SHOWN, **holder.key).select_related("site")
    found = sorted(rows, key=lambda one: one.state != State.VALIDATED)
    if holder.agency is not None and finess:
        found += _of_establishment(finess, holder)
    return found


def _of_establishment(finess: str, holder: Holder) -> list[DeliveryAddress]:
    """Those of a beneficiary of the region, by its number; none for another region's."""
    try:
        number = normalize_finess(finess)
    except IdentifierError:
        return []
    place = Establishment.objects.filter(finess=number, region=holder.region_id).first()
    beneficiary = enlisted(place) if place else None
    if beneficiary is None:
        return []
    finess_addresses(beneficiary)
    rows = DeliveryAddress.objects.filter(beneficiary=beneficiary, state=State.VALIDATED)
    return list(rows.select_related("site"))


def last_delivery(holder: Holder) -> Order | None:
    """The last order that was sent: whom one called, where it went."""
    rows = Order.objects.filter(**holder.key).exclude(state=Order.State.DRAFT)
    found: Order | None = rows.order_by("-submitted_at").first()
    return found
