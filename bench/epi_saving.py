"""One cell saved through the whole stack, beside a raw upsert loop and a naive view, in one run.

    python bench/epi_saving.py [--seconds 2] [--rounds 3]

Requests go through the real WSGI application (session, CSRF, rights, history), in processes of
their own, in turns of a few seconds so that a busy machine weighs on all three alike. A database of
its own is made and removed.
"""

import argparse
import io
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
django.setup()

import psycopg  # noqa: E402
from allauth.usersessions.models import UserSession  # noqa: E402
from django import forms  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.shortcuts import get_object_or_404  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402

from common.weeks import current_week  # noqa: E402
from epi_stocks.models import InventoryLine  # noqa: E402
from epi_stocks.services.reference import load_epi_reference  # noqa: E402
from epi_stocks.views.inventory_ticket import Ticket  # noqa: E402
from establishments.access import allows  # noqa: E402
from establishments.models import Establishment  # noqa: E402
from establishments.perimeter import Action  # noqa: E402
from tests.builders import make_establishment, make_person  # noqa: E402

WORKERS, PACED_WORKERS, PLACES = 8, 2, 40
ITEMS, MEASURES = (1, 2, 3, 5, 6, 7), ("stock", "daily", "supply")
CSRF = "abcdefghijklmnopqrstuvwxyz012345"
GOAL, GOAL_NAIVE = 0.12, 2.0
RAW = """
INSERT INTO bench_raw (week, establishment_id, item_id, stock, saved_at, doubts)
VALUES (%s, %s, %s, %s, now(), 0)
ON CONFLICT (week, establishment_id, item_id) DO UPDATE
   SET stock = EXCLUDED.stock, saved_at = EXCLUDED.saved_at
"""


class NaiveForm(forms.Form):
    item = forms.IntegerField()
    value = forms.IntegerField(min_value=0, required=False)


@allows(Action.EPI_WRITE)
def naive(request, finess):
    """What one writes first: read the place, validate a form, ``update_or_create``."""
    places = Establishment.objects.for_user(request.user, to=Action.EPI_WRITE)
    place = get_object_or_404(places, finess=finess)
    form = NaiveForm(json.loads(request.body))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    line, _ = InventoryLine.objects.update_or_create(
        week=current_week(),
        establishment=place,
        item_id=form.cleaned_data["item"],
        defaults={
            "stock": form.cleaned_data["value"],
            "saved_at": timezone.now(),
            "saved_by": request.user,
        },
    )
    return JsonResponse({"stock": line.stock})


urlpatterns = [path("naif/<finess>/", naive), path("", include("config.urls"))]


def request_of(url, body, session):
    data = json.dumps(body).encode()
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": url,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT": "application/json",
        "HTTP_COOKIE": f"session={session}; csrf={CSRF}",
        "HTTP_X_CSRFTOKEN": CSRF,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(data)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(data),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


class Saver:
    """A worker that saves one cell after another, each over the value it left there."""

    def __init__(self, number, places, session, kind):
        self.application = WSGIHandler()
        self.places = places[number::WORKERS]
        self.session, self.kind = session, kind
        self.seen, self.count = {}, 0

    def save_one(self):
        self.count += 1
        finess, ticket = self.places[self.count % len(self.places)]
        item = ITEMS[self.count // len(self.places) % len(ITEMS)]
        if self.kind == "naive":
            url, body = f"/naif/{finess}/", {"item": item, "value": 1000 + self.count % 500}
        else:
            url = f"/epi-stocks/inventaire/{finess}/{current_week()}/cases/"
            key = (finess, item)
            value = str(1000 + self.count % 500)
            cell = {"cell": f"{item}-stock", "value": value, "seen": self.seen.get(key, "")}
            body = {"ticket": ticket, "profile": "", "cells": [cell]}
            self.seen[key] = value
        self.send(url, body)

    def send(self, url, body):
        statuses = []
        response = self.application(
            request_of(url, body, self.session), lambda status, headers: statuses.append(status)
        )
        content = b"".join(response)
        response.close()
        if not statuses[0].startswith("200"):
            raise SystemExit(f"{url} : {statuses[0]} {content[:300]!r}")


def web_work(number, places, session, kind, seconds, pause, ready, answers):
    connection.close()
    saver = Saver(number, places, session, kind)
    for _ in range(20):
        saver.save_one()
    ready.wait()
    backend = connection.connection.info.backend_pid
    times, end = [], time.perf_counter() + seconds
    used = processor_used(backend)
    while (start := time.perf_counter()) < end:
        saver.save_one()
        times.append(time.perf_counter() - start)
        if pause:
            time.sleep(max(0, pause - times[-1]))
    answers.put((len(times), times, processor_used(backend) - used))
    connection.close()


def processor_used(backend):
    """Seconds of processor of this process and of its PostgreSQL backend, so far."""
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def raw_work(number, address, seconds, ready, answers):
    week, count = current_week(), 0
    with psycopg.connect(**address, autocommit=True) as raw:
        ready.wait()
        end = time.perf_counter() + seconds
        used = processor_used(raw.info.backend_pid)
        while time.perf_counter() < end:
            count += 1
            raw.execute(RAW, [week, number * 100 + count % PLACES, ITEMS[count % 6], count])
        answers.put((count, [], processor_used(raw.info.backend_pid) - used))


def together(work, workers, *arguments):
    """Run ``workers`` processes at once and give what they did: total, times, processor."""
    answers, ready = multiprocessing.Queue(), multiprocessing.Barrier(workers)
    processes = [
        multiprocessing.Process(target=work, args=(number, *arguments, ready, answers))
        for number in range(workers)
    ]
    for process in processes:
        process.start()
    found = [answers.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    count = sum(one[0] for one in found)
    times = sorted(value for one in found for value in one[1])
    return count, times, sum(one[2] for one in found)


def prepare():
    """A person over forty places, logged in; the bare twin of the table for the raw loop."""
    load_epi_reference()
    first = make_establishment()
    places = [first] + [make_establishment(first.legal_entity) for _ in range(PLACES - 1)]
    person = make_person("OIE", on=first.legal_entity)
    client = Client()
    client.force_login(person)
    key = client.cookies["session"].value
    UserSession.objects.create(user=person, ip="127.0.0.1", session_key=key)  # as a login does
    week = current_week()
    tickets = [(place.finess, Ticket(place.finess, place.pk, week).sealed()) for place in places]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_raw (LIKE epi_stocks_inventoryline INCLUDING ALL)")
    return key, tickets


def count_statements(session, places):
    saver = Saver(0, places, session, "ours")
    with CaptureQueriesContext(connection) as queries:
        saver.save_one()
    return len([one for one in queries if "set_config" not in one["sql"]])


def measure(session, places, seconds, rounds):
    found = settings.DATABASES["default"]
    address = {"host": found["HOST"], "dbname": found["NAME"], "user": found["USER"]}
    rates, processor = defaultdict(list), defaultdict(list)
    for _ in range(rounds):
        for kind in ("raw", "ours", "naive"):
            start_blank()
            if kind == "raw":
                count, _times, used = together(raw_work, WORKERS, address, seconds)
            else:
                work = (places, session, kind, seconds, 0)
                count, _times, used = together(web_work, WORKERS, *work)
            rates[kind].append(count / seconds)
            processor[kind].append(1000 * used / count)
    return (
        {kind: statistics.median(values) for kind, values in rates.items()},
        {kind: statistics.median(values) for kind, values in processor.items()},
    )


def start_blank():
    """Each turn begins on an empty grid: a value left by another would be a conflict."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE epi_stocks_inventoryline")
    connection.close()  # the workers are forks: they must not share it


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    multiprocessing.set_start_method("fork")
    settings.ROOT_URLCONF = "bench.epi_saving"
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    connection.settings_dict["TEST"]["NAME"] = "bench_stocks_sante"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("createcachetable", verbosity=0)
        session, places = prepare()
        statements = count_statements(session, places)
        connection.close()
        rates, processor = measure(session, places, options.seconds, options.rounds)
        start_blank()
        pause = 2 * PACED_WORKERS / rates["ours"]
        work = (places, session, "ours", options.seconds, pause)
        _count, times, _used = together(web_work, PACED_WORKERS, *work)
        tell(rates, processor, statements, times)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def tell(rates, processor, statements, times):
    ours, raw, naive_rate = rates["ours"], rates["raw"], rates["naive"]
    print(f"une case enregistrée : {ours:.0f}/s, boucle brute {raw:.0f}/s, naïf {naive_rate:.0f}/s")
    print(f"  rapport à la boucle brute {ours / raw:.3f} (but ≥ {GOAL})")
    print(f"  rapport à la vue naïve {ours / naive_rate:.2f} (but ≥ {GOAL_NAIVE})")
    print(f"  requêtes SQL : {statements} (but ≤ 3)")
    print(
        f"  processeur, Python et PostgreSQL : {processor['ours']:.2f} ms la case (but ≤ 2), "
        f"boucle brute {processor['raw']:.2f}, naïf {processor['naive']:.2f}"
    )
    print(f"  à mi-charge, 95e centile {1000 * times[int(0.95 * len(times))]:.1f} ms (but < 25)")


if __name__ == "__main__":
    main()
