"""The pages with lists at the national size: time, and the same number of statements everywhere.

    python bench/lists.py [--times 40]

Requests go through the real WSGI application. The directory holds 100,000 establishments of which
30,000 declare; the largest entity has 689 sites (see ``nation.py``).
"""

import argparse
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import nation, web  # noqa: I001 - sets Django up
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from common.weeks import current_week
from establishments.models import Establishment, LegalEntity, Region

GOAL = 150  # ms
VISU, DIRECTORY = "/epi-stocks/visu/", "/etablissements/"
VISU_LISTS = {
    "premières pages des deux listes": "",
    "retardataires, page 20": "retards=20",
    "tableau d’urgence, page 50": "page=50",
    "tableau d’urgence, par stock": "tri=stock",
    "tableau d’urgence, ruptures": "niveau=rupture",
    "tableau d’urgence, une catégorie": "categorie=500",
    "tous les équipements": "liste=equipements",
    "tous les équipements, page 200": "liste=equipements&page=200",
}
SEARCHES = {
    "première page": "",
    "un département": "departement=59",
    "un état et un département": "etat=tous&departement=59",
    "page du milieu": "page=2000",
    "dernière page": "page=999999",
    "un mot fréquent": "recherche=site",
    "un mot fréquent, page loin": "recherche=site&page=1000",
    "plusieurs mots": "recherche=pharmacie+lilas+bourg",
    "un début de numéro": "recherche=9S00012",
    "un mot inconnu": "recherche=introuvable",
    "deux lettres": "recherche=de",
}


@dataclass(frozen=True)
class Page:
    """A page to ask for, and the same of a small place: it must take as many statements."""

    title: str
    browser: web.Browser
    address: str
    small: tuple[web.Browser, str] | None = None

    def statements(self) -> str:
        count = count_statements(self.browser, self.address)
        if self.small is None:
            return f"{count} requêtes"
        fewer = count_statements(*self.small)
        return f"{count} requêtes" + ("" if fewer == count else f" (petit : {fewer})")

    def measure(self, times: int) -> None:
        for _ in range(3):
            self.browser.get(self.address)
        spent, asked, backend = [], [], connection.connection.info.backend_pid
        used = web.processor_used(backend)
        for _ in range(times):
            clock, start = web.StatementClock(), time.perf_counter()
            with connection.execute_wrapper(clock):
                size = len(self.browser.get(self.address))
            spent.append(1000 * (time.perf_counter() - start))
            asked.append(clock.milliseconds)
        used = 1000 * (web.processor_used(backend) - used) / times
        print(
            f"  {self.title} : {statistics.median(spent):.0f} ms, 95e centile "
            f"{nation.percentile(spent):.0f} (but < {GOAL}) ; processeur {used:.0f} ms, "
            f"{self.statements()}, SQL {statistics.median(asked):.0f} ms, 95e centile "
            f"{nation.percentile(asked):.0f}, {size / 1000:.0f} ko",
            flush=True,
        )


def count_statements(browser: web.Browser, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        browser.get(address)
    return len(queries)


def visu_pages() -> list[Page]:
    regions = Region.objects.annotate(size=Count("establishment")).exclude(size=0).order_by("size")
    large, small = (
        web.Browser(web.log_in(nation.person_of("ARL", domain="epi_stock", on=region)))
        for region in (regions.last(), regions.first())
    )
    country = web.Browser(web.log_in(nation.person_of("NAT", domain="epi_stock")))
    site = Establishment.objects.filter(region=regions.last(), finess__startswith="9S").first()
    return [
        *(
            Page(f"visu, {title}", large, f"{VISU}?{query}", (small, f"{VISU}?{query}"))
            for title, query in VISU_LISTS.items()
        ),
        Page("visu, pays", country, VISU),
        Page("visu, la région vue du pays", country, f"{VISU}?region={regions.last().code}"),
        Page("visu, un établissement", large, f"{VISU}{site.finess}/"),
        Page("visu, autres régions", large, f"{VISU}autres-regions/"),
        Page("visu, alertes", country, f"{VISU}alertes/"),
    ]


def directory_pages() -> list[Page]:
    entity = LegalEntity.objects.filter(finess__startswith="9L").first()
    browser = web.Browser(web.log_in(nation.person_of("OIE", on=entity)))
    return [
        *(
            Page(f"annuaire, {title}", browser, f"{DIRECTORY}?{query}")
            for title, query in SEARCHES.items()
        ),
        Page(
            "annuaire, entité de 689 sites",
            browser,
            f"/entites/{nation.LARGEST}/",
            (browser, f"/entites/{entity.finess}/"),
        ),
    ]


def inventory_pages() -> list[Page]:
    """The grid of a site, with the list of all those of its entity and where each one stands."""
    found = {}
    for finess in (nation.LARGEST, "9L0000002"):
        entity = LegalEntity.objects.get(finess=finess)
        browser = web.Browser(web.log_in(nation.person_of("OIE", on=entity)))
        site = entity.establishments.exclude(finess__startswith="9X").order_by("finess").last()
        found[finess] = browser, f"/epi-stocks/inventaire/{site.finess}/{current_week()}/"
    large, small = found.values()
    return [
        Page("inventaire, entité de 689 sites", *large, small),
        Page("accueil, entité de 689 sites", large[0], "/", (small[0], "/")),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=40)
    options = parser.parse_args()
    if not nation.prepare_nation():
        print("listes : pas de base nationale ici, rien n’est mesuré")
        return
    print(f"listes, {Establishment.objects.count()} établissements, {nation.load_text()}")
    for page in (*visu_pages(), *directory_pages(), *inventory_pages()):
        page.measure(options.times)


if __name__ == "__main__":
    main()
