"""Orders at the opening of a tension: 1,250 a minute on one pool, and one order beside a raw loop.

    python bench/orders.py [--seconds 3] [--rounds 3]

Whole orders (rights, conditions, lines, ledger, journal, history) through the services and through
the screens, in processes of their own, beside: a raw loop of upserts, raw conditional updates of
one row, the same with SELECT … FOR UPDATE, and the naive way (lock the pool, count its orders,
insert). A database of its own is made and removed.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import web  # noqa: I001 - sets Django up
import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from orders.models import Movement, Order, OrderLine, RegionalPool, Stock
from tests.orders.ordering.world import located_for, make_agency_world, order, pool_order

PACK, PEAK = 50, 1_250 / 60  # orders a second at the peak
PLENTY = 100_000_000
CONDITIONAL = "UPDATE bench_counter SET used = used + 50 WHERE id = 1 AND used <= granted - 50"
GOAL_LOCK, GOAL_SERVICE, GOAL_SCREEN = 2.0, 1 / 45, 1 / 230


def counters(number, address, is_locking, seconds, ready, answers):
    """The counter alone, by a raw connection: conditional update, or lock then write."""
    count = 0
    with psycopg.connect(**address, autocommit=True) as raw:
        ready.wait()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if is_locking:
                lock_then_write(raw)
            else:
                raw.execute(CONDITIONAL)
            count += 1
    answers.put((count, [], 0.0))


def lock_then_write(raw) -> None:
    with raw.transaction():
        row = raw.execute("SELECT used, granted FROM bench_counter WHERE id = 1 FOR UPDATE")
        used, granted = row.fetchone()
        if used + PACK <= granted:
            raw.execute("UPDATE bench_counter SET used = %s WHERE id = 1", [used + PACK])


def naive_order(world) -> None:
    """What one writes first: lock the pool, count what its orders hold, then the same order."""
    with transaction.atomic():
        pool = RegionalPool.objects.select_for_update().get(pk=world.pool.pk)
        held = OrderLine.objects.filter(
            order__agency=world.agency, order__week=pool.week, product__item=pool.item
        ).exclude(order__state=Order.State.CANCELLED)
        used = held.aggregate(units=Sum("quantity"))["units"] or 0
        if used + PACK > pool.granted:
            raise SystemExit("le pot commun du banc est épuisé")
        pool_order(world, PACK)


def screen_order(world, session):
    """One POST of the review page, as its button sends it."""
    browser = web.Browser(session)
    key = f"produit-{world.masks.pk}"

    def ask() -> None:
        body = {
            key: str(PACK), "adresse": world.address.pk, "contact": "Hélène", "telephone": "02",
            "jeton": str(uuid4()), "action": "transmettre", "csrfmiddlewaretoken": web.CSRF,
        }  # fmt: skip
        data = urlencode(body).encode()
        headers = {
            "REQUEST_METHOD": "POST",
            "HTTP_ACCEPT": "text/html",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(data)),
        }
        statuses: list[str] = []
        environ = browser.environ("/distrilog/panier/", data) | headers
        response = browser.application(environ, lambda status, _headers: statuses.append(status))
        content = b"".join(response)
        response.close()
        if not statuses[0].startswith("302"):
            raise SystemExit(f"{statuses[0]} {content[:300]!r}")

    return ask


def rate(work, workers, seconds, *arguments) -> float:
    connection.close()
    count, _times, _used = web.together(work, workers, *arguments, seconds)
    return count / seconds


def measure(world, home, session, seconds, rounds) -> None:
    found = settings.DATABASES["default"]
    address = {"host": found["HOST"], "dbname": found["NAME"], "user": found["USER"]}
    kinds = {
        "service": lambda number: lambda: order(home, {home.masks: PACK}),
        "pool": lambda number: lambda: pool_order(world, PACK),
        "screen": lambda number: screen_order(home, session),
        "naive": lambda number: lambda: naive_order(world),
    }
    rates: dict[str, list[float]] = {}
    for _ in range(rounds):
        turn = {
            "raw": rate(web.raw_work, web.CROWD, seconds, address),
            "conditional": rate(counters, web.CROWD, seconds, address, False),
            "locking": rate(counters, web.CROWD, seconds, address, True),
        }
        for kind, make in kinds.items():
            connection.close()
            done, _times, _used = web.together(web.web_work, web.CROWD, make, seconds, 0)
            turn[kind] = done / seconds
        for kind, value in turn.items():
            rates.setdefault(kind, []).append(value)
    tell({kind: statistics.median(values) for kind, values in rates.items()})
    peak(kinds["pool"], seconds)


def tell(rates) -> None:
    raw = rates["raw"]
    print(f"boucle brute d’upserts : {raw:.0f}/s à {web.CROWD} connexions")
    told = rates["conditional"] / rates["locking"]
    print(
        f"compteur seul : mise à jour conditionnelle {rates['conditional']:.0f}/s, verrou puis "
        f"écriture {rates['locking']:.0f}/s, rapport {told:.1f} (but ≥ {GOAL_LOCK:.0f})"
    )
    for kind, name, goal in (
        ("service", "une commande par les services", GOAL_SERVICE),
        ("screen", "une commande par l’écran", GOAL_SCREEN),
    ):
        print(f"{name} : {rates[kind]:.0f}/s, 1/{raw / rates[kind]:.0f} (but 1/{1 / goal:.0f})")
    print(
        f"sur un pot commun : {rates['pool']:.0f}/s, {60 * rates['pool']:.0f} à la minute ; "
        f"compter sous verrou {rates['naive']:.0f}/s"
    )


def peak(make, seconds) -> None:
    """At the pace of the peak, how long an order takes."""
    connection.close()
    pause = web.CROWD / PEAK
    done, times, _used = web.together(web.web_work, web.CROWD, make, max(10, seconds), pause)
    late = times[int(0.95 * len(times))]
    print(
        f"à 1 250 commandes par minute : {done} commandes, 95e centile {1000 * late:.0f} ms "
        "(but < 1 000)"
    )


def check(world) -> None:
    pool = RegionalPool.objects.get(pk=world.pool.pk)
    ledger = Movement.objects.filter(pool=pool).aggregate(units=Sum("quantity"))["units"]
    stocks = Stock.objects.filter(available__lt=0).exists()
    fine = pool.used == ledger <= pool.granted and not stocks
    print(f"dépassement : {'aucun' if fine else 'OUI'}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with web.own_database("bench_orders"):
        web.prepare(1)
        home = located_for()
        type(home.quota).objects.update(granted=PLENTY)
        Stock.objects.update(available=PLENTY)
        session = web.log_in(home.operator)
        world = make_agency_world(granted=PLENTY, available=PLENTY)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_counter (id int PRIMARY KEY, used int, granted int)")
            cursor.execute("INSERT INTO bench_counter VALUES (1, 0, 2000000000)")
        measure(world, home, session, options.seconds, options.rounds)
        check(world)


if __name__ == "__main__":
    main()
