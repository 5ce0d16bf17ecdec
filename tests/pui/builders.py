"""Pharmacies, products and declarations, as the tests of e-Dispostock make them."""

from datetime import date, datetime
from itertools import count

from django.utils import timezone

from medications.models import (
    MonitoredList,
    Monitoring,
    Priority,
    Product,
    ReferenceProduct,
    Substance,
)
from pui.models import Pui, Transmission
from pui.services.storing import Declared, store
from tests.builders import make_establishment

LONG_AGO = date(2020, 1, 6)
_numbers = count(9_000_001)


def make_list(slug="autres"):
    rank = MonitoredList.Slug.values.index(slug) + 1
    return MonitoredList.objects.get_or_create(slug=slug, defaults={"rank": rank})[0]


def make_reference(substance="MIDAZOLAM", strength="5 mg/ml"):
    molecule = Substance.objects.get_or_create(name=substance)[0]
    label = f"{substance} {strength}"
    return ReferenceProduct.objects.get_or_create(
        substance=molecule, strength=strength, defaults={"label": label}
    )[0]


def make_product(label="MIDAZOLAM 5 mg/ml, ampoule 10 ml", *, reference=None, **fields):
    reference = reference or make_reference()
    fields.setdefault("code", str(next(_numbers)))
    fields.setdefault("substance", reference.substance)
    return Product.objects.create(label=label, reference=reference, is_fictitious=True, **fields)


def make_followed(
    product=None, slug="autres", priority=Priority.NORMAL, starts_on=LONG_AGO, ends_on=None
):
    """A product followed by a list; the product itself is returned."""
    product = product or make_product()
    Monitoring.objects.create(
        monitored_list=make_list(slug),
        product=product,
        priority=priority,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return product


def make_pui(label="PUI Saint-Aubin", *, on=None, **fields):
    return Pui.objects.create(label=label, establishment=on or make_establishment(), **fields)


def make_transmission(
    pui, lines, *, by, due_on, slug="autres", origin=Transmission.Origin.GRID, now=None
):
    """Store ``{product: (stock, daily)}`` as the service does, at a moment when it is open."""
    moment: datetime = now or timezone.now()
    row = Transmission.objects.create(
        pui=pui, monitored_list=make_list(slug), due_on=due_on, origin=origin, received_by=by
    )
    declared = [Declared(product.pk, *quantities) for product, quantities in lines.items()]
    return store(by=by, transmission=row, lines=declared, now=moment)
