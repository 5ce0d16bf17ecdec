"""The pages of a flu season with 2,500 pharmacies, through the real WSGI application.

    python bench/flu.py [--times 40]

Made by ``demo --scale national`` (``--only vaccines``, or ``--only medicines``) in ``DATA_DIR``.
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
from bench.pharmacies import largest_region, prepare
from config.demo.national import PHARMACIES
from pui.models import Pui
from vaccines.models import FluRequest

ROOT = "/dispostock/vaccins/grippe/demande/"
UNDER_WAY = f"{ROOT}?saison=en-cours"
FOLLOWED = {
    "demandes ouvertes": ROOT,
    "campagne en cours": UNDER_WAY,
    "dernière page": f"{UNDER_WAY}&page=999",
    "par public visé": f"{UNDER_WAY}&vue=publics",
    "demandes absentes": f"{ROOT}?demande=absente",
    "demandes faites": f"{ROOT}?demande=faite",
    "par département": f"{UNDER_WAY}&lignes=departement",
    "accueil": "/",
}
OF_THE_COUNTRY = {
    "par région": f"{UNDER_WAY}&lignes=region",
    "une région": f"{UNDER_WAY}&region=84",
    "campagnes": "/dispostock/national/grippe/",
}
FILES = ("csv", "xlsx")


def requests() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('vaccines_flurequest') IS NOT NULL")
        return FluRequest.objects.count() if cursor.fetchone()[0] else 0


def readers() -> dict[str, User]:
    return {
        "pays": nation.person_of("NAT", domain="dispostock"),
        "région": nation.person_of("ARA", on=largest_region()),
    }


def files(name: str, browser: web.Browser) -> None:
    for kind in FILES:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            size = browser.weigh(f"{ROOT}telecharger/{kind}/?saison=en-cours")
            times.append(time.perf_counter() - start)
        print(f"  {name}, fichier {kind} ({size // 1000} ko) : {sorted(times)[2]:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    options = parser.parse_args()
    if not prepare() or Pui.objects.count() < PHARMACIES or not requests():
        print("grippe : pas de base nationale ici, rien n’est mesuré")
        return
    print(f"grippe, {Pui.objects.count()} PUI, {nation.load_text()}", flush=True)
    for name, reader in readers().items():
        browser = web.Browser(web.log_in(reader))
        pages = FOLLOWED | (OF_THE_COUNTRY if name == "pays" else {})
        for title, address in pages.items():
            Page(f"{name}, {title}", browser, address).measure(options.times)
        files(name, browser)


if __name__ == "__main__":
    main()
