"""The pages of waves with 50,000 supply lines, through the real WSGI application.

    python bench/vaccines.py [--times 40]

Made by ``demo --scale national`` (``--only vaccines``: these lines alone) in ``DATA_DIR``.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import nation, web  # noqa: I001 - sets Django up
from django.db import connection

from accounts.models import User
from bench.lists import Page
from bench.pharmacies import prepare
from config.demo.vaccines_national import LINES
from vaccines.models import SupplyLine, Wave
from vaccines.waves.board import counted

WAVES = "/dispostock/vaccins/covid/vagues/"


def lines() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('vaccines_supplyline') IS NOT NULL")
        return SupplyLine.objects.count() if cursor.fetchone()[0] else 0


def pages(wave: Wave, reader: str) -> dict[str, str]:
    one = f"{WAVES}{wave.pk}/"
    found = {
        "vagues": WAVES,
        "une vague": one,
        "une vague, page 100": f"{one}?page=100",
        "une vague, prévues": f"{one}?etat=livraison-prevue",
        "une vague, un mot": f"{one}?recherche=national",
        "une vague, par PUI": f"{one}pui/",
        "vaccins": f"{WAVES.replace('vagues', 'vaccins')}",
    }
    if reader == "SPF":
        found["proposer"] = f"{one}proposer/"
    return found


def readers() -> dict[str, User]:
    return {
        "SPF": nation.person_of("SPF", domain="dispostock"),
        "pays": nation.person_of("NAT", domain="dispostock"),
    }


def vials(wave: Wave) -> None:
    """The vials of one wave by pharmacy, and those of the whole country."""
    for title, rows in (("une vague", wave.lines.all()), ("le pays", SupplyLine.objects.all())):
        times = []
        for _ in range(5):
            start = time.perf_counter()
            count = len(counted(rows, "pui"))
            times.append(1000 * (time.perf_counter() - start))
        print(f"  flacons par PUI, {title} ({count} PUI) : {sorted(times)[2]:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    options = parser.parse_args()
    if not prepare() or lines() < LINES // 2:
        print("vaccins : pas de base nationale ici, rien n’est mesuré")
        return
    print(f"vaccins, {lines()} lignes, {nation.load_text()}", flush=True)
    wave = Wave.objects.filter(label__startswith="Vague nationale").latest("delivers_on")
    for name, reader in readers().items():
        browser = web.Browser(web.log_in(reader))
        for title, address in pages(wave, name).items():
            Page(f"{name}, {title}", browser, address).measure(options.times)
    vials(wave)


if __name__ == "__main__":
    main()
