"""What the exchanges with the warehouses cost on a day of tension.

    python bench/logistics.py [--orders 5000]

A file of that many orders written and dropped; as many orders moved to the other warehouse, as many
allocations pushed; the reports of a few hundred orders taken one by one. Each with its time, its
statements and the memory it takes.
"""

import argparse
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import web  # noqa: I001 - it sets Django up

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from establishments.models import AdministrativeBody, Establishment
from orders.models import Beneficiary, Movement, Order, OrderLine, Quota
from orders.services.moving import move_orders
from orders.services.order_folder import drop_files
from orders.services.outbox import write_file
from orders.services.pushed import Allotted, push
from orders.services.reports import receive
from orders.services.rerouting import start_reroute
from tests.builders import make_person
from tests.orders.builders import make_beneficiary, make_item, make_quota, make_stock
from tests.orders.builders import make_product
from tests.orders.logistics.world import la_poste, spf

PACK, TAKEN = 50, 200
STEPS = 4  # reports of an order here


def measured(title: str, work: Callable[[], object], *, each: int, rows: str) -> None:
    """Once for the time, with its statements counted; the memory is the peak of Python's own."""
    tracemalloc.start()
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as found:
        work()
    seconds = time.perf_counter() - begun
    peak = tracemalloc.get_traced_memory()[1] / 1024 / 1024
    tracemalloc.stop()
    print(
        f"{title} : {seconds:.2f} s, {each / seconds:.0f} {rows}/s, "
        f"{len(found)} instructions SQL, {peak:.0f} Mio"
    )


def build(count: int) -> tuple[list[Beneficiary], list]:
    first = make_beneficiary()
    same = {"category": first.category, "department": first.department, "region": first.region}
    sites = Establishment.objects.bulk_create(
        [
            Establishment(
                finess=f"8{rank:08}", name=f"Établissement {rank}", address="1 rue du Lac",
                postal_code="45000", town="ORLEANS", is_fictitious=True,
                legal_entity=first.establishment.legal_entity, **same,
            )
            for rank in range(count)
        ],
        batch_size=2000,
    )  # fmt: skip
    Beneficiary.objects.bulk_create(
        [Beneficiary(establishment=one, **same) for one in sites], batch_size=2000
    )
    products = [make_product(make_item(pk), units_per_pack=PACK) for pk in (1, 4)]
    for product in products:
        for holder in (la_poste(), spf()):
            make_stock(product, 100_000_000, holder)
    rows = Beneficiary.objects.select_related("establishment").order_by("pk")
    return list(rows[:count]), products


def order_all(places: list[Beneficiary], products: list, by) -> list[Order]:
    """As the services leave them: lines, quotas and stocks taken, their hour past."""
    sent = timezone.now() - timedelta(hours=2)
    base = Order.objects.count()
    orders = Order.objects.bulk_create(
        Order(
            number=f"C-2026-{base + rank:06d}", state=Order.State.SUBMITTED, beneficiary=place,
            region_id=place.region_id, operator=la_poste(), submitted_at=sent, created_by=by,
            editable_until=sent, contact_name="Camille Durand", contact_phone="0238000000",
            delivery={"label": place.place.name, "lines": "1 rue du Lac", "town": "ORLEANS"},
        )
        for rank, place in enumerate(places)
    )  # fmt: skip
    lines = [OrderLine(order=o, product=p, quantity=TAKEN) for o in orders for p in products]
    OrderLine.objects.bulk_create(lines, batch_size=5000)
    stocks = {one.pk: one.stocks.get(holder=la_poste()) for one in products}
    Movement.objects.bulk_create(
        [
            Movement(order=o, stock=stocks[p.pk], quantity=TAKEN, cause=Movement.Cause.ORDERED)
            for o in orders
            for p in products
        ],
        batch_size=5000,
    )
    for stock in stocks.values():
        stock.available -= TAKEN * len(orders)
        stock.reserved += TAKEN * len(orders)
        stock.save()
    return orders


def told(order: Order, products: list) -> list[dict]:
    """What its warehouse says of an order, from the confirmation to the delivery."""
    now = timezone.now().isoformat()
    lines = [{"produit": one.code, "quantite": TAKEN} for one in products]
    base = {"commande": order.number, "le": now}
    return [
        {"type": "confirmation", "lignes": lines} | base,
        {"type": "preparation"} | base,
        {"type": "expedition", "expedition": "E1", "lignes": lines, "colis": ["P1"]} | base,
        {"type": "livraison", "expedition": "E1"} | base,
    ]


def take_reports(orders: list[Order], products: list, operator: AdministrativeBody) -> None:
    for order in orders:
        for rank, report in enumerate(told(order, products)):
            receive(report, operator=operator, key=f"bench-{order.number}-{rank}")


def measure(count: int) -> None:
    places, products = build(count)
    cell = make_person("NAT", domain="distrilog")
    orders = order_all(places, products, cell)
    connection.cursor().execute("ANALYZE")
    title = f"un fichier de {count} commandes ({2 * count} lignes)"
    measured(title, lambda: write_file(la_poste()), each=count, rows="commandes")
    measured("son dépôt dans le dossier", drop_files, each=count, rows="commandes")
    few = orders[:200]
    measured(
        f"les {STEPS} comptes rendus de {len(few)} commandes",
        lambda: take_reports(few, products, la_poste()),
        each=STEPS * len(few),
        rows="comptes rendus",
    )
    order_all(places, products, cell)
    reroute = start_reroute(by=cell, region=None, reason="Mesure")
    measured(
        f"{count} commandes déplacées vers SPF",
        lambda: move_orders(reroute, by=cell, seconds=600),
        each=count,
        rows="commandes",
    )
    for product in products:
        allocation = make_quota(places[0], product.item, 10_000).allocation
        others = [
            Quota(week=allocation.starts_on, beneficiary=one, item=product.item,
                  allocation=allocation, granted=10_000) for one in places[1:]
        ]  # fmt: skip
        Quota.objects.bulk_create(others, batch_size=5000)
    allotted = [Allotted(one, products[0], PACK) for one in places]
    measured(
        f"{count} dotations poussées",
        lambda: push(allotted, by=cell, digest="mesure", reason="Mesure"),
        each=count,
        rows="dotations",
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=5000)
    options = parser.parse_args()
    with web.own_database("bench_logistics"), tempfile.TemporaryDirectory() as folder:
        web.prepare(1)
        settings.LOGISTICS_DIR = folder
        measure(options.orders)


if __name__ == "__main__":
    main()
