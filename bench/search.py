"""The search over the whole platform and the home pages, at the national size.

    python bench/search.py [--times 40]

Requests go through the real WSGI application, in the directory of 100,000 establishments that
``nation.py`` completes.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import nation, web  # noqa: I001 - sets Django up
from django.db.models import Count
from django.utils.http import urlencode

from bench.lists import Page
from establishments.models import Establishment, Region
from orders.models import Order

WORDS = {
    "un mot fréquent": "site",
    "deux mots": "pharmacie lilas",
    "deux lettres": "de",
    "une faute de frappe": "pharmacei",
    "un mot inconnu": "introuvable",
    "un début de numéro": "9S00012",
    "un numéro de commande": "C-2026-000123",
}


def readers() -> dict[str, web.Browser]:
    """The country, its largest region, one establishment of it."""
    regions = Region.objects.annotate(size=Count("establishment")).order_by("-size")
    region = regions[0]
    site = Establishment.objects.filter(region=region, finess__startswith="9S").first()
    people = {
        "le pays": nation.person_of("NAT", domain="epi_stock"),
        "une région": nation.person_of("ARA", on=region),
        "un établissement": nation.person_of("OIE", on=site),
    }
    return {who: web.Browser(web.log_in(person)) for who, person in people.items()}


def pages() -> list[Page]:
    found = []
    for who, browser in readers().items():
        found.append(Page(f"accueil, {who}", browser, "/"))
        found += [
            Page(f"recherche, {who}, {what}", browser, f"/recherche/?{urlencode({'q': words})}")
            for what, words in WORDS.items()
        ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=40)
    options = parser.parse_args()
    if not nation.prepare_nation():
        print("recherche : pas de base nationale ici, rien n’est mesuré")
        return
    counts = f"{Establishment.objects.count()} établissements, {Order.objects.count()} commandes"
    print(f"recherche et accueil, {counts}, {nation.load_text()}")
    for page in pages():
        page.measure(options.times)


if __name__ == "__main__":
    main()
