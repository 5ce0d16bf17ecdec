"""The pages of PLAGE at the national size (see ``crowd.py``).

    python bench/accounts.py [--times 10]

Requests go through the real WSGI application; each search is timed alone too. A
database of its own is made and removed: some two minutes in all.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import crowd, nation, web  # noqa: I001 - sets Django up
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from accounts.decisions.inbox import requests_to_decide
from accounts.models import AccessRequest, Profile, User
from accounts.people.reading import Search, people_found
from accounts.services.decisions import MOST, decide_many
from bench.lists import Page
from establishments.models import Establishment, LegalEntity, Region

GOAL_SEARCH = 50  # ms
DECISIONS = 2  # times that many requests are decided at once: each takes seconds
LISTS = {
    "comptes, première page": "/plage/comptes/",
    "comptes, page 200": "/plage/comptes/?page=200",
    "comptes, un nom": "/plage/comptes/?recherche=martin",
    "comptes, prénom et nom": "/plage/comptes/?recherche=nadia+moreau",
    "comptes, une adresse": "/plage/comptes/?recherche=banc.77123%40ch",
    "comptes, une entité": "/plage/comptes/?entite=9S0000123",
    "comptes, un domaine": "/plage/comptes/?domaine=epi_stock",
    "comptes, suspendus": "/plage/comptes/?etat=suspended",
    "accueil": "/",
}
FOR_DECIDERS = {
    "demandes": "/plage/demandes/",
    "demandes, page 10": "/plage/demandes/?page=10",
    "demandes, un nom": "/plage/demandes/?recherche=martin",
    "demandes, un domaine": "/plage/demandes/?domaine=epi_stock",
    "demandes, toutes": "/plage/demandes/?etat=toutes",
    "demandes, acceptées, un nom": "/plage/demandes/?etat=acceptees&recherche=martin",
    "demandes, 200 à relire": "/plage/demandes/ensemble/",
    "invitations": "/plage/invitations/",
    "invitations, un mot": "/plage/invitations/?recherche=national",
    "journal": "/plage/journal/",
    "journal, une personne": "/plage/journal/?personne=moreau",
    "journal, un lieu": "/plage/journal/?etablissement=9S0000123",
}
OF_REGION = {
    "APE": "/plage/ape/",
    "APE, page 300": "/plage/ape/?page=300",
    "APE, par commune": "/plage/ape/?sort=town",
    "APE, un mot": "/plage/ape/?recherche=pharmacie",
    "APE, sans": "/plage/ape/?situation=sans-ape",
}
FOR_EVERYONE = {
    "demander, un mot fréquent": "/profils/demander/resultats/?recherche=site",
    "demander, des mots": "/profils/demander/resultats/?recherche=pharmacie+lilas",
    "demander, un numéro": "/profils/demander/resultats/?recherche=9S00012",
    "demander, inconnu": "/profils/demander/resultats/?recherche=introuvable",
    "accès": "/acces/",
    "accès, un lieu": "/acces/?application=epi&etablissement=9S0000123",
    "mes profils": "/profils/",
}
SEARCHES = {
    "un nom": Search(text="martin"),
    "prénom et nom": Search(text="nadia moreau"),
    "une adresse": Search(text="banc.77123@ch"),
    "deux lettres": Search(text="ma"),
    "inconnu": Search(text="introuvable"),
    "nom et domaine": Search(text="martin", domain="epi_stock"),
}


def readers() -> dict[str, User]:
    """Who reads: an entity, the largest region, the whole country."""
    region = Region.objects.annotate(size=Count("establishment")).latest("size")
    entity = LegalEntity.objects.filter(finess__startswith="9L").first()
    return {
        "APE": nation.person_of("APE", on=entity),
        "ARS": nation.person_of("ARA", on=region),
        "assistance": nation.person_of("SUP"),
    }


def measure_search(reader: User, search: Search, times: int) -> str:
    """What it takes to count those found and to read the first page, and the processor of it."""
    backend, spent = connection.connection.info.backend_pid, []
    count = people_found(reader, search).count()
    used = web.processor_used(backend)
    for _ in range(times):
        start = time.perf_counter()
        found = people_found(reader, search)
        found.count()
        list(found[:25])
        spent.append(1000 * (time.perf_counter() - start))
    used = 1000 * (web.processor_used(backend) - used) / times
    return (
        f"{count} comptes, {statistics.median(spent):.0f} ms (but < {GOAL_SEARCH}) ; "
        f"processeur {used:.0f} ms"
    )


def pages_for(name: str) -> dict[str, str]:
    """What each of the readers opens: the assistance decides of nothing, the ARS names the APEs."""
    pages = dict(LISTS)
    if name != "assistance":
        pages |= FOR_DECIDERS
    if name == "ARS":
        pages |= OF_REGION
    return pages | FOR_EVERYONE


def measure_decision(reader: User, title: str, level: str, times: int) -> str:
    """Accept as many requests as may be at once; undone each time."""
    backend, spent = connection.connection.info.backend_pid, []
    chosen = requests_to_decide(reader).filter(level=level)[:MOST]
    used = web.processor_used(backend)
    for _ in range(times):
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            decided = decide_many(chosen, by=reader, accepted=True)
            spent.append(1000 * (time.perf_counter() - start))
            transaction.set_rollback(True)
    used = 1000 * (web.processor_used(backend) - used) / times
    return (
        f"{len(decided)} {title} : {statistics.median(spent):.0f} ms ; processeur {used:.0f} ms, "
        f"{len(queries)} requêtes"
    )


def measure_searches(people: dict[str, User], times: int) -> None:
    for name, reader in people.items():
        for title, search in SEARCHES.items():
            told = measure_search(reader, search, times)
            print(f"  recherche, {name}, {title} : {told}", flush=True)


def measure_decisions(reader: User, times: int) -> None:
    for title, level in (("demandes décidées à la fois", "entity"), ("demandes d’APE", "ars")):
        print(f"  {measure_decision(reader, title, level, times)}", flush=True)


def measure_pages(people: dict[str, User], times: int) -> None:
    """Each page beside the same of an entity: it must take as many statements."""
    small = web.Browser(web.log_in(people["APE"]))
    for name, reader in people.items():
        browser = web.Browser(web.log_in(reader))
        for title, address in pages_for(name).items():
            twin = None if title in OF_REGION else (small, address)
            Page(f"{name}, {title}", browser, address, twin).measure(times)
            sys.stdout.flush()


def run(times: int) -> None:
    print(
        f"PLAGE, {Establishment.objects.count()} établissements, {User.objects.count()} comptes, "
        f"{Profile.objects.count()} profils, {AccessRequest.objects.count()} demandes, "
        f"{nation.load_text()}",
        flush=True,
    )
    people = readers()
    measure_searches(people, times)
    measure_pages(people, times)
    measure_decisions(people["ARS"], DECISIONS)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=10)
    options = parser.parse_args()
    with web.own_database("bench_accounts"):
        crowd.build()
        run(options.times)


if __name__ == "__main__":
    main()
