"""One cell saved through the whole stack, beside a raw upsert loop and a naive view, in one run.

    python bench/epi_saving.py [--seconds 2] [--rounds 3]

Requests go through the real WSGI application (session, CSRF, rights, history), in processes of
their own. A database of its own is made and removed.

The naive view is measured twice: as a project newly made has it, with Django's own sessions and
middleware (what one writes first, and what the trials behind the goal measured), then inside our
own stack, whose session and rights it borrows.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import web  # noqa: I001 - sets Django up
from django import forms
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils import timezone

from common.weeks import current_week
from epi_stocks.models import InventoryLine
from epi_stocks.views.inventory_ticket import Ticket
from establishments.access import allows
from establishments.models import Establishment
from establishments.perimeter import Action

GOAL, GOAL_NAIVE = 0.12, 2.0
AS_DJANGO_GIVES_IT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


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


def bare_application():
    """The same routes behind Django's own session and middleware, in this process alone."""
    settings.MIDDLEWARE = AS_DJANGO_GIVES_IT
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    return WSGIHandler()


class Saver:
    """A worker that saves one cell after another, each over the value it left there."""

    def __init__(self, number, places, session, kind):
        self.browser = web.Browser(session)
        if kind == "bare":
            self.browser.application = bare_application()
        self.places = places[number :: web.WORKERS]
        self.kind = kind
        self.seen, self.count = {}, 0

    def save_one(self):
        self.count += 1
        finess, ticket = self.places[self.count % len(self.places)]
        item = web.ITEMS[self.count // len(self.places) % len(web.ITEMS)]
        value = 1000 + self.count % 500
        if self.kind != "ours":
            self.browser.post(f"/naif/{finess}/", {"item": item, "value": value})
            return
        seen = self.seen.get((finess, item), "")
        cell = {"cell": f"{item}-stock", "value": str(value), "seen": seen}
        self.browser.post(
            f"/epi-stocks/inventaire/{finess}/{current_week()}/cases/",
            {"ticket": ticket, "profile": "", "cells": [cell]},
        )
        self.seen[finess, item] = str(value)


def count_statements(session, places):
    saver = Saver(0, places, session, "ours")
    with CaptureQueriesContext(connection) as queries:
        saver.save_one()
    return len([one for one in queries if "set_config" not in one["sql"]])


def tickets(places):
    """Each place with what its page carries to save there."""
    week = current_week()
    return [(one.finess, Ticket(one.finess, one.pk, week).sealed()) for one in places]


def start_blank():
    """Each turn begins on an empty grid: a value left by another would be a conflict."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE epi_stocks_inventoryline")


def measure(session, places, seconds, rounds):
    def saver_of(kind):
        return lambda number: Saver(number, places, session, kind).save_one

    statements = count_statements(session, places)
    kinds = {"raw": None, "crowd": None}
    kinds |= {kind: saver_of(kind) for kind in ("ours", "bare", "naive")}
    rates, processor = web.in_turns(kinds, seconds, rounds, start_blank)
    start_blank()
    connection.close()
    pause = 2 * web.WORKERS / rates["ours"]
    _count, times, _used = web.together(web.web_work, web.WORKERS, saver_of("ours"), seconds, pause)
    tell(rates, processor, statements, times)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    settings.ROOT_URLCONF = "bench.epi_saving"
    with web.own_database("bench_saving"):
        session, found = web.prepare(web.PLACES)
        measure(session, tickets(found), options.seconds, options.rounds)


def tell(rates, processor, statements, times):
    ours, raw, bare, naive_rate = (rates[kind] for kind in ("ours", "raw", "bare", "naive"))
    print(f"une case enregistrée : {ours:.0f}/s, boucle brute {raw:.0f}/s, naïf {bare:.0f}/s")
    print(f"  rapport à la boucle brute {web.ratio(ours, rates)} (but ≥ {GOAL})")
    print(f"  rapport à la vue naïve {ours / bare:.2f} (but ≥ {GOAL_NAIVE})")
    print(f"  la même dans notre pile : {naive_rate:.0f}/s, rapport {ours / naive_rate:.2f}")
    print(f"  requêtes SQL : {statements} (but ≤ 3)")
    print(
        f"  processeur, Python et PostgreSQL : {processor['ours']:.2f} ms la case (but ≤ 2), "
        f"boucle brute {processor['raw']:.2f}, naïf {processor['bare']:.2f}, "
        f"dans notre pile {processor['naive']:.2f}"
    )
    print(f"  à mi-charge, 95e centile {1000 * times[int(0.95 * len(times))]:.1f} ms (but < 25)")


if __name__ == "__main__":
    main()
