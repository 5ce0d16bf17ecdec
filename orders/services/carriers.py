"""The carriers known at the start, and what the national cell changes of them."""

from django.db import transaction

from accounts.models import User
from journal.services import record
from orders.models import Carrier
from orders.services.errors import OrderingError

KNOWN = {
    "Colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
    "La Poste": "https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
    "Chronopost": "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}",
}


class CarrierError(OrderingError):
    """Nothing was written. The message is for the person, in French."""


@transaction.atomic
def load_carriers() -> int:
    """Add those that are missing; what somebody changed stays."""
    missing = set(KNOWN) - set(Carrier.objects.values_list("name", flat=True))
    rows = [Carrier(name=name, tracking=KNOWN[name]) for name in sorted(missing)]
    return len(Carrier.objects.bulk_create(rows))


@transaction.atomic
def describe_carrier(*, by: User, name: str, tracking: str) -> Carrier:
    """Set where a carrier shows its parcels, or add it; empty, its parcels have no link."""
    name, tracking = " ".join(name.split()), tracking.strip()
    if not name:
        raise CarrierError("Donnez le nom du transporteur, comme l’entrepôt l’écrit.")
    if tracking and not (tracking.startswith("https://") and "{number}" in tracking):
        raise CarrierError("L’adresse de suivi commence par https:// et contient {number}.")
    rows = Carrier.objects.select_for_update(no_key=True)
    found = rows.filter(name__iexact=name).first()
    carrier: Carrier = found or Carrier(name=name)
    before, carrier.tracking = carrier.tracking, tracking
    carrier.save()
    if found is None or before != tracking:
        record("orders.carrier_described", by=by, target=carrier, before=before, after=tracking)
    return carrier
