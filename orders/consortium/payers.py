"""To whom a paid order is billed: what the directory knows of it, what is still to be said."""

from dataclasses import dataclass, replace

from establishments.models import Establishment
from establishments.rules import is_public as is_public_site
from orders.models import Beneficiary, Billing, Order


@dataclass(frozen=True, slots=True)
class Payer:
    """As it is typed before an order is sent, or corrected before it is invoiced."""

    name: str
    siret: str
    lines: str
    postal_code: str
    town: str
    email: str = ""
    service_code: str = ""
    engagement: str = ""
    reference: str = ""

    @property
    def mark(self) -> str:
        """What a form carries, to know whether somebody wrote since."""
        return "|".join(getattr(self, name) for name in self.__slots__)


def payer_told(billing: Billing) -> Payer:
    return Payer(**{name: getattr(billing, name) for name in Payer.__slots__})


def is_public(beneficiary: Beneficiary) -> bool:
    """A legal entity orders only when it is public [003]."""
    place = beneficiary.place
    return bool(is_public_site(place)) if isinstance(place, Establishment) else True


def payer_of(beneficiary: Beneficiary) -> Payer:
    """As its last paid order said, else as the directory does."""
    sent = Order.objects.filter(beneficiary=beneficiary, kind=Order.Kind.PAID)
    last = Billing.objects.filter(order__in=sent).order_by("-order__submitted_at", "-pk").first()
    if last is not None:
        return replace(payer_told(last), engagement="", reference="")
    place = beneficiary.place
    siret = place.siret if isinstance(place, Establishment) else _siret_of(beneficiary)
    return Payer(place.name, siret, place.address, place.postal_code, place.town)


def _siret_of(beneficiary: Beneficiary) -> str:
    """That of the main site of a legal entity: the first of its own SIREN."""
    entity = beneficiary.legal_entity
    if entity is None:
        return ""
    sites = entity.establishments.open().exclude(siret="").order_by("-is_main", "finess")
    found: Establishment | None = sites.first()
    return found.siret if found else ""
