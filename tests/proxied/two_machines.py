"""Two web machines behind a proxy are one site: sessions, limits, files, pages, addresses.

    scripts/two-machines [--seconds 20]

In production mode, on 127.0.0.1: the bundled PostgreSQL, two gunicorn with a folder each, Debian's
nginx that hands the requests to each in turn. Then one of them is stopped, and killed, under the
writes of many: every acknowledged one must be found.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import time
from http.client import HTTPException
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from config import devdb
from tests.programs import address
from tests.proxied.machines import Machine, Proxy
from tests.proxied.people import HOST, Browser

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(os.environ["DATA_DIR"])
PROXY_PORT = int(os.environ.get("PORT") or 56080)
PRODUCTION = {
    "DATABASE_URL": address(FOLDER, devdb.WEB),
    "DATABASE_OWNER_URL": address(FOLDER, devdb.OWNER),
    "SECRET_KEY": "two-machines-" + "x" * 50,
    "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
    "SITE_URL": f"https://{HOST}",
    "TRUSTED_PROXY_COUNT": "1",
}
PEOPLE, MASKS = 6, 1
os.environ |= PRODUCTION | {"DJANGO_SETTINGS_MODULE": "config.settings.base"}

import django  # noqa: E402

django.setup()

from allauth.usersessions.models import UserSession  # noqa: E402
from django.db import connections  # noqa: E402
from django.urls import reverse  # noqa: E402

from common.weeks import current_week  # noqa: E402
from epi_stocks.models import InventoryLine  # noqa: E402
from epi_stocks.services.reference import load_epi_reference  # noqa: E402
from epi_stocks.views.inventory_ticket import Ticket  # noqa: E402
from establishments.models import Establishment  # noqa: E402
from tests.builders import PASSWORD, make_establishment, make_person  # noqa: E402


def say(text: str) -> None:
    print(f"— {text}", flush=True)


class Operator(Browser):
    """Somebody who types the inventory of their site, and remembers what was acknowledged."""

    def __init__(self, site: Establishment, address: str = "127.0.0.1") -> None:
        super().__init__(PROXY_PORT, address)
        self.site = site
        self.person = make_person("OIE", on=site)
        self.acknowledged = self.lost = 0
        self.refused: list[int] = []
        self.slowest = 0.0

    def enter(self) -> None:
        assert self.log_in(self.person.email, PASSWORD).status == 302
        self.read_token(self.grid())

    def grid(self) -> str:
        return reverse("epi_stocks:inventory", args=[self.site.finess, current_week()])

    def save(self, stock: int):
        week = current_week()
        seen = str(self.acknowledged or "")
        cell = {"cell": f"{MASKS}-stock", "value": str(stock), "seen": seen}
        ticket = Ticket(self.site.finess, self.site.pk, week).sealed()
        address = reverse("epi_stocks:inventory_cells", args=[self.site.finess, week])
        return self.post_json(address, {"ticket": ticket, "profile": "", "cells": [cell]})

    def type_until(self, end: float) -> None:
        """One value after the other; what got no answer is sent again, as the page does."""
        while time.monotonic() < end:
            start = time.monotonic()
            try:
                answer = self.save(self.acknowledged + 1)
            except (OSError, HTTPException):
                self.lost += 1
                continue
            if answer.status == 200:
                self.acknowledged += 1
                self.slowest = max(self.slowest, time.monotonic() - start)
            elif answer.status in (502, 504):
                self.lost += 1
            else:
                self.refused.append(answer.status)
            time.sleep(0.02)

    def stored(self) -> int | None:
        line = InventoryLine.objects.get(
            week=current_week(), establishment=self.site, item_id=MASKS
        )
        return line.stock


def sessions(one: Operator) -> None:
    seen = {one.get("/").served_by for _ in range(6)}
    assert len(seen) == 2, seen
    statuses = {one.get("/profils/").status for _ in range(6)}
    assert statuses == {200}, statuses
    say(f"une session ouverte sert sur les deux machines ({', '.join(sorted(seen))})")
    opened = UserSession.objects.get(user=one.person)
    assert opened.ip == one.address, opened.ip
    say(f"adresse du client à travers le serveur frontal : {opened.ip}")


def forged_address(site: Establishment) -> None:
    liar = Operator(site, "127.0.0.3")
    forged = {"X-Forwarded-For": "203.0.113.9"}
    assert liar.log_in(liar.person.email, PASSWORD, **forged).status == 302
    assert UserSession.objects.get(user=liar.person).ip == "127.0.0.3"
    say("une adresse inventée dans X-Forwarded-For n’est pas crue")


def cells(one: Operator) -> None:
    saved = one.save(1)
    assert saved.status == 200, saved.text
    one.acknowledged = 1
    pages = [one.get(one.grid()) for _ in range(2)]
    assert {page.served_by for page in pages} > {saved.served_by}
    assert all('value="1"' in page.text for page in pages)
    say("ce qui est enregistré par une machine est lu par l’autre")


def upload(one: Operator) -> None:
    rows = f"FINESS;Consommable;Stock;Consommation;Approvisionnement\n{one.site.finess};"
    sent = one.post_file(
        reverse("epi_stocks:inventory_import"),
        {"week": str(current_week())},
        "inventaire.csv",
        f"{rows}Masques FFP2;1200;;".encode(),
    )
    found = re.search(r'action="(/epi-stocks/import/\d+/confirmer/)"', sent.text)
    assert found, sent.status
    applied = one.post(found[1], {"profile": ""})
    assert applied.status == 302
    assert applied.served_by != sent.served_by
    line = InventoryLine.objects.exclude(item_id=MASKS).get(establishment=one.site)
    assert line.stock == 1200
    say("un fichier déposé sur une machine est confirmé sur l’autre")


def limits(site: Establishment) -> None:
    tried = Operator(site)
    failed, refused = set(), set()
    for rank in range(7):
        right = rank >= 5  # the limit: from then on the right password is refused too
        answer = tried.log_in(tried.person.email, PASSWORD if right else "un-mot-de-passe-faux")
        assert answer.status != 302, "le sixième essai entre"
        (refused if right else failed).add(answer.served_by)
        tried.get("/robots.txt")  # an odd number of requests: the next attempt is for the other
    assert len(failed) == len(refused) == 2, (failed, refused)
    say("cinq échecs répartis sur les deux machines : les deux refusent aussi le bon mot de passe")


def static_files(one: Operator) -> None:
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', one.get("/").text)
    assert sheets
    for sheet in sheets:
        answers = [one.get(sheet) for _ in range(2)]
        assert {answer.status for answer in answers} == {200}, sheet
        assert len({answer.body for answer in answers}) == 1
    say(f"{len(sheets)} feuilles de style identiques sur les deux machines")


def logout(site: Establishment) -> None:
    one = Operator(site)
    one.enter()
    assert one.post("/comptes/deconnexion/", {}).status == 302
    statuses = {one.get("/profils/").status for _ in range(4)}
    assert statuses == {302}, statuses
    say("déconnecté sur une machine, déconnecté sur les deux")


def under_traffic(machine: Machine, people: list[Operator], seconds: float) -> None:
    one_in_flight = len(people)
    for what, act, most in (
        ("arrêtée proprement", machine.stop, 0),
        ("tuée (kill -9)", machine.kill, one_in_flight),
    ):
        before = sum(one.acknowledged for one in people)
        for one in people:
            one.lost, one.slowest = 0, 0.0
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=one.type_until, args=[end]) for one in people]
        for thread in threads:
            thread.start()
        time.sleep(seconds / 4)
        act()
        time.sleep(seconds / 4)
        machine.start()
        for thread in threads:
            thread.join()
        tell_traffic(what, people, before, most)


def tell_traffic(what: str, people: list[Operator], before: int, most: int) -> None:
    lost = sum(one.lost for one in people)
    done = sum(one.acknowledged for one in people) - before
    assert not any(one.refused for one in people), [one.refused for one in people]
    for one in people:
        stored = one.stored()
        assert stored in (one.acknowledged, one.acknowledged + 1), (stored, one.acknowledged)
    say(
        f"une machine {what} sous {done} enregistrements : {lost} sans réponse "
        f"(au plus {most}), aucun perdu, le plus lent {max(one.slowest for one in people):.2f} s"
    )
    assert lost <= most, f"{lost} requêtes perdues"


def prepare() -> list[Machine]:
    shared = FOLDER / "shared-files"
    devdb.ensure(FOLDER)
    environment = {**os.environ, "DATABASE_ROLE": "owner"}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "prepare_database", "-v", "0"], cwd=ROOT, env=environment, check=True)
    load_epi_reference()
    shared.mkdir()
    given = {**os.environ, "PYTHONPATH": str(ROOT)}
    first, second = (
        Machine(FOLDER / name, PROXY_PORT + rank, shared, given)
        for rank, name in enumerate(("one", "two"), start=1)
    )
    kept = {**given, "DATA_DIR": str(first.folder)}
    collect = [*manage, "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, cwd=ROOT, env=kept, check=True)
    # one image, two machines
    subprocess.run(["cp", "-r", first.folder / "static", second.folder / "static"], check=True)
    return [first, second]


def check(machines: list[Machine], seconds: float) -> None:
    one = Operator(make_establishment(is_main=True), "127.0.0.2")
    one.enter()
    sessions(one)
    forged_address(one.site)
    cells(one)
    upload(one)
    limits(one.site)
    static_files(one)
    logout(one.site)
    people = [Operator(make_establishment()) for _ in range(PEOPLE)]
    for person in people:
        person.enter()
    under_traffic(machines[0], people, seconds)
    print("Les deux machines font un seul site.")


def run(seconds: float) -> None:
    machines = prepare()
    proxy = Proxy(FOLDER, PROXY_PORT, machines)
    try:
        for machine in machines:
            machine.start()
        proxy.start()
        check(machines, seconds)
    finally:
        for started in (proxy, *machines):
            if getattr(started, "process", None) is not None:
                started.stop()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=12)
    try:
        run(parser.parse_args().seconds)
    finally:
        connections.close_all()
        devdb.stop(FOLDER)
