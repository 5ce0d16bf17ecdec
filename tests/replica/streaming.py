"""The pages of a replica, on a real one: late, paused, frozen, killed, back, promoted.

    scripts/test-replica

The bundled PostgreSQL twice, in a folder of its own: a primary, and its streaming replica made by
pg_basebackup. Requests go through the whole application, as those of two people would. Each check
prints what it saw; the first that fails ends the run. A control drops the cookie of one's own write
and must see the stale page: without the rule, people would.
"""

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from config import devdb
from tests.replica.standby import Standby

FOLDER = Path(os.environ["DATA_DIR"])
LATE = 6  # seconds: the limit of this run, for it not to last
replica = Standby(FOLDER, FOLDER / "replica")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "config.settings.test",
    "DATABASE_REPLICA_URL": replica.url,
    "REPLICA_LAG_SECONDS": str(LATE),
}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import NoReverseMatch, reverse  # noqa: E402

from accounts.grants import ROLE_CODES  # noqa: E402
from accounts.models import User  # noqa: E402
from common.weeks import current_week  # noqa: E402
from config.replica import lag  # noqa: E402
from config.replica.routes import ROUTES  # noqa: E402
from epi_stocks.services.reference import load_epi_reference  # noqa: E402
from epi_stocks.views.inventory_ticket import Ticket  # noqa: E402
from establishments.models import Establishment  # noqa: E402
from tests.builders import make_establishment, make_person, make_user  # noqa: E402
from tests.replica.software import Software  # noqa: E402

MASKS, STOCK = 1, 4  # the item, and the column of its stock in the file
FILES, FEWEST_PAGES = ("csv", "xlsx"), 20


class Person:
    """A browser, logged in."""

    def __init__(self, site: Establishment, user: User | None = None) -> None:
        self.site = site
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user or make_person("OIE", on=site))

    def save(self, stock: int, seen: int | None = None) -> None:
        week = current_week()
        cell = {"cell": f"{MASKS}-stock", "value": str(stock), "seen": str(seen or "")}
        ticket = Ticket(self.site.finess, self.site.pk, week).sealed()
        answer = self.client.post(
            reverse("epi_stocks:inventory_cells", args=[self.site.finess, week]),
            json.dumps({"ticket": ticket, "profile": "", "cells": [cell]}),
            content_type="application/json",
            HTTP_ACCEPT="application/json",
        )
        told = answer.json()["cells"][f"{MASKS}-stock"]
        assert told["kind"] == "ok", told

    def reads(self) -> str:
        """The stock of the masks, in the file of the week."""
        address = reverse("epi_stocks:inventory_file", args=[self.site.finess])
        asked = {"de": "site", "semaine": str(current_week()), "format": "csv"}
        answer = self.client.get(address, asked)
        assert answer.status_code == 200, answer.status_code
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
        assert len(lines) > 1, lines
        return lines[1].split(";")[STOCK]

    def forget(self) -> None:
        """As if nothing had been said of one's own write."""
        self.client.cookies.pop("written", None)


def say(text: str) -> None:
    print(f"— {text}", flush=True)


def until(seen: Callable[[], bool], most: float, what: str) -> float:
    """Seconds until it is so."""
    start = time.monotonic()
    while not seen():
        assert time.monotonic() - start < most, f"{what} : toujours pas après {most} s"
        time.sleep(0.05)
    return time.monotonic() - start


@contextmanager
def on_replica(at_least: int = 1, at_most: int = 1000):
    """How many statements the replica is sent meanwhile."""
    with CaptureQueriesContext(connections["replica"]) as found:
        yield
    sent = [one for one in found.captured_queries if "pg_is_in_recovery" not in one["sql"]]
    assert at_least <= len(sent) <= at_most, f"{len(sent)} instructions au réplica"


def is_read() -> bool:
    return lag.watch.is_fresh()


def caught_up() -> bool:
    written = connections["default"].cursor().execute("SELECT pg_current_wal_lsn()::text")
    return bool(
        replica.ask(f"SELECT pg_last_wal_replay_lsn() >= '{written.fetchone()[0]}'::pg_lsn")
    )


def ordinary(writer: Person, reader: Person, software: Software) -> None:
    writer.save(100)
    software.declares(10)
    until(caught_up, 10, "le réplica suit")
    until(is_read, 15, "le réplica est lu")
    with on_replica():
        assert reader.reads() == "100"
    say("une page de lecture est lue sur le réplica")
    with on_replica(at_most=0, at_least=0):
        assert writer.reads() == "100"
    say("qui vient d’écrire lit le primaire")


def paused(writer: Person, reader: Person, software: Software) -> None:
    replica.ask("SELECT pg_wal_replay_pause()")
    writer.save(200, 100)
    assert reader.reads() == "100"
    say(f"réplica en pause, retard sous {LATE} s : l’autre personne lit encore l’ancien chiffre")
    assert writer.reads() == "200"
    say("son auteur lit le sien aussitôt")
    writer.forget()
    assert writer.reads() == "100", "le témoin ne voit pas l’ancien chiffre"
    say("témoin : sans la règle « son propre envoi », son auteur lirait l’ancien chiffre")
    software.declares(20)
    assert software.reads() == 20
    assert software.agency_reads() == 10
    say("un programme à jeton, sans cookie, lit aussi le sien ; un autre, l’ancien")
    waited = until(lambda: reader.reads() == "200", LATE + 10, "le primaire est lu")
    assert software.agency_reads() == 20
    say(f"retard dépassé : tout le monde lit le primaire, {waited:.1f} s après le dernier envoi")
    replica.ask("SELECT pg_wal_replay_resume()")
    waited = until(is_read, 30, "le réplica est relu")
    with on_replica():
        assert reader.reads() == "200"
    say(f"rattrapé : relu au bout de {waited:.1f} s")


def delayed(writer: Person) -> None:
    replica.ask("ALTER SYSTEM SET recovery_min_apply_delay = '4s'")
    replica.ask("SELECT pg_reload_conf()")
    seen = []
    start = time.monotonic()
    stock = 200
    while time.monotonic() - start < 8:
        writer.save(stock + 1, stock)
        stock += 1
        seen.append(lag.measure())
        time.sleep(0.2)
    assert 3.5 <= max(seen) <= 6, seen
    say(f"retard réglé à 4 s (recovery_min_apply_delay) : mesuré {max(seen):.1f} s au plus")
    replica.ask("ALTER SYSTEM RESET recovery_min_apply_delay")
    replica.ask("SELECT pg_reload_conf()")
    until(is_read, 30, "le réplica est relu")
    until(caught_up, 10, "le réplica suit")


def frozen(reader: Person, other: Person) -> None:
    """Whoever was asking it waits as long as that lasts; nobody else."""
    is_ready, goes_on = threading.Event(), threading.Event()

    def ask() -> None:
        other.reads()  # its connection is open
        is_ready.set()
        goes_on.wait()
        other.reads()

    asking = threading.Thread(target=ask)
    until(is_read, 15, "le réplica est lu")
    asking.start()
    is_ready.wait(10)
    time.sleep(lag.LOOK_SECONDS)
    with replica.frozen():
        goes_on.set()
        time.sleep(lag.BELIEVED_SECONDS)
        start = time.monotonic()
        reader.reads()
        took = time.monotonic() - start
        assert asking.is_alive(), "témoin : personne n’attend le réplica figé"
        assert took < 2, f"une page en {took:.1f} s"
    asking.join(20)
    assert not asking.is_alive()
    say(f"réplica figé : une page est retenue, les autres vont au primaire, en {took:.2f} s")


def killed(reader: Person) -> None:
    """Between two looks: the process still believes it fresh."""
    until(is_read, 15, "le réplica est lu")
    with on_replica():
        reader.reads()
    replica.kill()
    answers, slowest = 0, 0.0
    end = time.monotonic() + 12
    while time.monotonic() < end:
        start = time.monotonic()
        reader.reads()
        answers, slowest = answers + 1, max(slowest, time.monotonic() - start)
        time.sleep(0.02)
    say(f"réplica tué (kill -9) : {answers} pages, aucune erreur, la plus lente {slowest:.2f} s")
    replica.start()
    waited = until(is_read, 30, "le réplica est relu")
    with on_replica():
        reader.reads()
    say(f"revenu : relu {waited:.1f} s après son démarrage")


def national_person() -> User:
    """One who may read everything, of every domain."""
    user = make_user()
    for (domain, _, _), code in ROLE_CODES.items():
        if code == "NAT":
            make_person("NAT", domain=domain, user=user)
    return user


def every_page(reader: Person) -> None:
    """No page of the list writes where it reads: the replica would refuse."""
    asked = {one: reader.client.get(one).status_code for name in ROUTES for one in addresses(name)}
    assert {one: status for one, status in asked.items() if status >= 500} == {}
    opened = list(asked.values()).count(200)
    assert opened >= FEWEST_PAGES, asked
    say(f"{opened} pages et fichiers de la liste ouverts sur le réplica, sans erreur")


def addresses(name: str) -> Iterator[str]:
    """Those that need no place nor day: the page, or each kind of its file."""
    for given in ({}, *({"kind": kind} for kind in FILES)):
        with suppress(NoReverseMatch):
            yield reverse(name, kwargs=given)


def promoted(reader: Person) -> None:
    assert replica.ask("SELECT pg_promote()")
    until(lambda: not is_read(), 15, "le réplica promu est écarté")
    with on_replica(at_least=0, at_most=0):
        reader.reads()
    say("réplica promu, donc séparé : il n’est plus lu")


def run() -> None:
    logging.getLogger("django.request").setLevel(logging.ERROR)  # refusals are expected
    call_command("prepare_database", verbosity=0)
    load_epi_reference()
    site = make_establishment()
    replica.make()
    replica.start()
    writer, reader, software = Person(site), Person(site), Software()
    nation = Person(site, national_person())
    ordinary(writer, reader, software)
    paused(writer, reader, software)
    delayed(writer)
    until(is_read, 15, "le réplica est lu")
    with on_replica():
        every_page(nation)
    frozen(reader, Person(site))
    killed(reader)
    promoted(reader)
    print("Le réplica tient ses promesses.")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        run()
    finally:
        connections.close_all()
        replica.stop()
        devdb.stop(FOLDER)
