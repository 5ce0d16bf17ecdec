"""A transmission read, checked and stored, beside a raw upsert of the same lines, in one run.

    python bench/transmission.py [--rounds 5]

200 lines while one waits: by file (deposit, then confirmation) and by the address for machines,
through the whole stack. 20,000 lines as the task worker does. A database of its own is made and
removed.
"""

import argparse
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import web  # noqa: I001 - sets Django up
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.services.tokens import create_token
from common.exports import csv_text
from medications.calendar import calendar_of
from medications.models import Monitoring, Product
from pui.api import transmissions
from pui.models import LatestStock, ReplacedStock, StockLine, Transmission
from pui.services.transmitting import confirm, deposit
from pui.transfer.jobs import read_job, store_job
from tests.builders import make_person
from tests.pui.builders import LONG_AGO, make_list, make_pui, make_reference

USUAL, LARGE = 200, 20_000
OF_ONE_STRENGTH = 4  # UCDs of one reference product, as in the public tables
GOAL_USUAL, GOAL_LARGE = 0.3, 10
RAW = """
INSERT INTO bench_raw (due_on, pui_id, product_id, stock, daily) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (due_on, pui_id, product_id) DO UPDATE
   SET stock = EXCLUDED.stock, daily = EXCLUDED.daily
"""


class Bench:
    """A pharmacy whose list follows as many products as a file holds."""

    def __init__(self, lines):
        self.list, self.pui = make_list(), make_pui(f"PUI {lines}")
        self.person = make_person("GF", on=self.pui.establishment)
        self.products = follow(self.list, lines)
        self.due_on = calendar_of(self.list).expected(timezone.now()).due_on
        self.round = 0

    def quantities(self, product):
        """Another stock each time: the same file twice is one transmission."""
        return Decimal(400 + self.round), Decimal("35.5")

    def file(self):
        self.round += 1
        rows = [
            ";".join([one.code, one.label, *map(csv_text, self.quantities(one))])
            for one in self.products
        ]
        text = "\n".join(["UCD;Libellé;Quantité en stock;CMJ", *rows]) + "\n"
        return SimpleUploadedFile("stock.csv", text.encode())

    def deposit(self):
        place = {"pui": self.pui, "monitored_list": self.list, "due_on": self.due_on}
        return deposit(self.file(), by=self.person, **place).transmission

    def confirm(self, row):
        row.refresh_from_db()
        return confirm(row, by=self.person, version=row.report["version"])

    def by_file(self):
        self.confirm(self.deposit())

    def by_worker(self):
        row = self.deposit()
        read_job(row.pk)
        self.confirm(row)
        store_job(row.pk)
        row.refresh_from_db()
        assert row.state == Transmission.State.CONFIRMED, row.message

    def by_machine(self, value):
        self.round += 1
        lines = []
        for one in self.products:
            stock, daily = (quantity and float(quantity) for quantity in self.quantities(one))
            lines.append({"ucd": one.code, "stock": stock, "cmj": daily})
        body = {"pui": {"id": self.pui.pk}, "lignes": lines}
        headers = {"Authorization": f"Bearer {value}", "Idempotency-Key": f"envoi-{self.round:05}"}
        address = "/api/v1/transmissions"
        answer = Client(HTTP_HOST="127.0.0.1").post(
            address, body, content_type="application/json", headers=headers
        )
        assert answer.status_code == 201, answer.content

    def raw(self):
        """The least that a database can be asked: the same rows, one by one, in a pipeline."""
        self.round += 1
        rows = [(self.due_on, self.pui.pk, one.pk, 400 + self.round, 35.5) for one in self.products]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(RAW, rows)


def follow(monitored_list, count):
    first = Product.objects.count()
    references = [make_reference(strength=f"{one} mg") for one in range(count // OF_ONE_STRENGTH)]
    Product.objects.bulk_create(
        Product(
            code=f"{9_100_000 + first + number}",
            label=f"PRODUIT {first + number} 5 mg/ml, ampoule",
            reference=references[number % len(references)],
            substance=references[0].substance,
            is_fictitious=True,
        )
        for number in range(count)
    )
    Monitoring.objects.all().delete()
    products = list(Product.objects.order_by("-pk")[:count])
    Monitoring.objects.bulk_create(
        Monitoring(monitored_list=monitored_list, product=one, starts_on=LONG_AGO)
        for one in products
    )
    return products


def seconds(work):
    """By the clock, and of Python's processor alone: the other programs do not count there."""
    started, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - used


def typical(work, rounds):
    measured = [seconds(work) for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*measured, strict=True)]


def usual(rounds):
    bench = Bench(USUAL)
    person = make_person("APE", on=bench.pui.establishment)
    entity, life = person.active_profile.entity, timedelta(days=1)
    value = create_token(entity, ["pui.transmit"], by=person, label="banc", life=life)[1]
    bench.by_file()
    bench.by_machine(value)
    works = (bench.by_file, lambda: bench.by_machine(value), bench.raw)
    (file, of_file), (machine, of_machine), (raw, _) = (typical(one, rounds) for one in works)
    goal = f"(but < {1000 * GOAL_USUAL:.0f})"
    print(f"transmission de {USUAL} lignes : fichier {1000 * file:.0f} ms {goal}, ", end="")
    print(f"interface {1000 * machine:.0f} ms {goal}, upsert brut {1000 * raw:.1f} ms")
    print(f"  rapport à l’upsert brut : fichier {raw / file:.3f}, interface {raw / machine:.3f}")
    used = f"fichier {1000 * of_file:.0f} ms, interface {1000 * of_machine:.0f} ms"
    print(f"  processeur, Python seul : {used}")


def large(rounds):
    bench = Bench(LARGE)
    (worker, used), (raw, _) = typical(bench.by_worker, rounds), typical(bench.raw, rounds)
    print(f"transmission de {LARGE} lignes par le processus de fond : {worker:.1f} s ", end="")
    print(f"(but < {GOAL_LARGE}), upsert brut {raw:.1f} s, rapport {raw / worker:.2f}, ", end="")
    print(f"processeur, Python seul : {used:.1f} s")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    transmissions.SENT = transmissions.FailureLimit("bench", ())
    with tempfile.TemporaryDirectory() as folder, web.own_database("bench_transmission"):
        settings.MEDIA_ROOT = folder
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE bench_raw (due_on date, pui_id bigint, product_id bigint, "
                "stock numeric(12, 2), daily numeric(12, 2), "
                "PRIMARY KEY (due_on, pui_id, product_id))"
            )
        usual(options.rounds)
        for model in (LatestStock, StockLine, ReplacedStock):
            model.objects.all().delete()
        large(max(1, options.rounds // 3))


if __name__ == "__main__":
    main()
