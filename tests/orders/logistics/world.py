"""Orders that a warehouse has in its file, with their counters taken, and what it says of them."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from establishments.models import AdministrativeBody
from orders.logistics.finding import Asked
from orders.models import Movement, Order, Quota, Stock
from orders.services.counters import Taking, take
from orders.services.outbox import write_file
from orders.services.reports import receive
from tests.builders import make_body
from tests.orders.builders import (
    make_address,
    make_beneficiary,
    make_order,
    make_product,
    make_quota,
    make_stock,
)

Kind = AdministrativeBody.Kind
FILED = timedelta(hours=13)  # ago: a report is never of the future
_keys = count(1)


def la_poste():
    return make_body(Kind.LA_POSTE)


def spf():
    return make_body(Kind.SPF)


def make_catalogue(available=10_000):
    """A product with its stock at La Poste and at SPF."""
    product = make_product()
    make_stock(product, available, counted_at=timezone.now() - timedelta(days=9))
    make_stock(product, available, holder=spf(), counted_at=timezone.now() - timedelta(days=9))
    return product


def make_sent_order(product=None, quantity=200, beneficiary=None, **fields):
    """Sent this morning, its quota and its stock taken; its file may be written now."""
    product = product or make_catalogue()
    beneficiary = beneficiary or make_beneficiary()
    quota = Quota.objects.filter(beneficiary=beneficiary, item=product.item).first()
    quota = quota or make_quota(beneficiary, product.item)
    address = beneficiary.addresses.first() or make_address(beneficiary)
    defaults = {
        "submitted_at": timezone.now() - FILED - timedelta(hours=1),
        "editable_until": timezone.now() - FILED - timedelta(minutes=1),
        "address": address,
        "delivery": {"label": address.label, "lines": address.lines, "postal_code": "45000"},
    }
    order = make_order(beneficiary, [(product, quantity)], **defaults | fields)
    stock = Stock.objects.get(product=product, holder=order.operator)
    taken = Taking(quotas={quota.pk: quantity}, stocks={stock.pk: quantity})
    take(taken, order=order, cause=Movement.Cause.ORDERED, by=None)
    return order


def make_filed_order(product=None, quantity=200, **fields):
    """In a file of its warehouse, where its reports may begin."""
    order = make_sent_order(product, quantity, **fields)
    assert write_file(order.operator, timezone.now() - FILED)
    order.refresh_from_db()
    return order


def ask_stop(order):
    Order.objects.filter(pk=order.pk).update(stop_asked_at=timezone.now())


def moment(hours=0):
    """After the file, in the order of their hours."""
    hour_of_file = timezone.now().replace(microsecond=0) - FILED + timedelta(minutes=1)
    return (hour_of_file + timedelta(hours=hours)).isoformat()


def line(product, units):
    return {"produit": product.code, "quantite": units}


def confirmation(order, units, hours=1, **more):
    lines = [line(one.product, units) for one in order.lines.select_related("product")]
    return said("confirmation", order, hours, lignes=lines, **more)


def departure(order, units, number="E1", hours=3, **more):
    lines = [line(one.product, units) for one in order.lines.select_related("product")]
    return said("expedition", order, hours, expedition=number, lignes=lines, **more)


def said(kind, order, hours, **more):
    return {"type": kind, "commande": order.number, "le": moment(hours)} | more


def stock_count(product, units, hours=4):
    return {"type": "stock", "le": moment(hours), "lignes": [line(product, units)]}


def send(content, operator=None, key=""):
    """The report as it was taken."""
    key = key or f"cle-{next(_keys):06d}"
    return receive(content, operator=operator or la_poste(), key=key)[0]


def stock_of(product, holder=None):
    stock = Stock.objects.get(product=product, holder=holder or la_poste())
    return stock.available, stock.reserved


def quota_used(order):
    return Quota.objects.get(beneficiary=order.beneficiary).used


def state(order):
    order.refresh_from_db()
    return order.state


def asked(*rows):
    return [Asked(number, *row) for number, row in enumerate(rows, start=2)]


def reasons(drafted):
    return {error.line: error.reason for error in drafted.errors.errors}
