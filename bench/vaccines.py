"""The pages of COVID vaccines with 50,000 supply lines, through the real WSGI application.

    python bench/vaccines.py [--times 40] [--only WORD]

Made by ``demo --scale national`` (``--only vaccines``: these lines alone, in a minute) in
``DATA_DIR``; what it adds there is the people who read.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import nation, web  # noqa: I001 - sets Django up
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from bench.lists import Page
from bench.pharmacies import largest_region, prepare
from config.demo.vaccines_national import LINES, NAME
from pui.models import Pui
from vaccines.models import SupplyLine, VialDoses, Wave
from vaccines.services.deliveries import write_deliveries
from vaccines.services.waves import Opening, open_wave
from vaccines.vials import packed
from vaccines.waves.asked import Asked
from vaccines.waves.board import counted
from vaccines.waves.drafting import check
from vaccines.waves.plan import from_needs
from vaccines.waves.reach import lines_operated

VACCINES = "/dispostock/vaccins/"
SUPPLY, WAVES = f"{VACCINES}covid/approvisionnement/", f"{VACCINES}covid/vagues/"
HOME = {"accueil e-Dispostock": "/dispostock/", "accueil": "/"}
FOLLOWED = {
    "lignes": SUPPLY,
    "lignes, page 100": f"{SUPPLY}?page=100",
    "lignes, en retard": f"{SUPPLY}?retard=on",
    "lignes, un état": f"{SUPPLY}?etat=livraison-prevue",
    "lignes, un mot": f"{SUPPLY}?recherche=national",
    "lignes, un numéro": f"{SUPPLY}?recherche=9S00012",
    "calendrier": f"{SUPPLY}livraisons/",
    "couverture": f"{SUPPLY}couverture/",
    "couverture, 2es injections": f"{SUPPLY}couverture/?injection=2",
    "doses en stock": f"{SUPPLY}doses/",
    "péremptions": f"{SUPPLY}peremptions/",
    "signalements": f"{SUPPLY}signalements/",
} | HOME
FOLLOWED_FILES = {
    "lignes": f"{SUPPLY}lignes/telecharger/{{}}/",
    "calendrier": f"{SUPPLY}livraisons/telecharger/{{}}/",
    "doses en stock": f"{SUPPLY}doses/telecharger/{{}}/",
    "péremptions": f"{SUPPLY}peremptions/telecharger/{{}}/",
}
OWN = {
    "lignes": SUPPLY,
    "lignes, à saisir": f"{SUPPLY}?etat=besoin-a-saisir",
} | HOME


def lines() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('vaccines_supplyline') IS NOT NULL")
        return SupplyLine.objects.count() if cursor.fetchone()[0] else 0


def wave_pages(wave: Wave) -> dict[str, str]:
    one = f"{WAVES}{wave.pk}/"
    return {
        "vagues": WAVES,
        "une vague": one,
        "une vague, page 100": f"{one}?page=100",
        "une vague, à prévoir": f"{one}?etat=besoin-saisi",
        "une vague, un mot": f"{one}?recherche=national",
        "une vague, un numéro": f"{one}?recherche=9S00012",
        "une vague, par PUI": f"{one}pui/",
    }


def most_lines(path: str) -> Pui:
    """The pharmacy that receives, or delivers, the most."""
    counts = SupplyLine.objects.exclude(**{path: None}).order_by().values(path)
    return Pui.objects.get(pk=counts.annotate(size=Count("pk")).order_by("-size", path)[0][path])


def readers() -> dict[str, User]:
    return {
        "SPF": nation.person_of("SPF", domain="dispostock"),
        "pays": nation.person_of("NAT", domain="dispostock"),
        "ARS": nation.person_of("ARA", on=largest_region()),
        "PUI": nation.person_of("GF", on=most_lines("pui").establishment),
        "pivot": nation.person_of("GF", on=most_lines("pivot").establishment),
    }


def pages(name: str, wave: Wave) -> dict[str, str]:
    own = wave_pages(wave)
    propose = {"proposer": f"{WAVES}{wave.pk}/proposer/"}
    described = {"vaccins": f"{VACCINES}covid/vaccins/", "vague nouvelle": f"{WAVES}nouvelle/"}
    return {
        "SPF": own | described | propose | HOME,
        "pays": own | described | FOLLOWED,
        "ARS": FOLLOWED,
        "PUI": OWN,
        "pivot": own | propose | OWN,
    }[name]


def files(name: str, wave: Wave) -> dict[str, str]:
    one = {"une vague": f"{WAVES}{wave.pk}/telecharger/{{}}/"}
    return {
        "SPF": one,
        "pays": one | FOLLOWED_FILES,
        "ARS": FOLLOWED_FILES,
        "PUI": {},
        "pivot": one,
    }[name]


def take_away(title: str, browser: web.Browser, address: str) -> None:
    for kind in ("csv", "xlsx"):
        start = time.perf_counter()
        size = browser.weigh(address.format(kind))
        spent = time.perf_counter() - start
        print(f"  {title}, {kind} : {spent:.1f} s, {size / 1e6:.1f} Mo", flush=True)


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """The median; what it writes is undone."""
    spent = []
    for _ in range(times):
        with transaction.atomic():
            start = time.perf_counter()
            work()
            spent.append(time.perf_counter() - start)
            transaction.set_rollback(True)
    return statistics.median(spent)


def vials() -> None:
    """The vials of the country by pharmacy, beside the rule applied line by line."""
    rows = SupplyLine.objects.standing()
    ours = seconds(lambda: list(counted(rows, "pui")))
    theirs = seconds(lambda: by_hand(), 1)
    count = len(counted(rows, "pui"))
    print(
        f"  flacons du pays par PUI ({count} PUI) : {1000 * ours:.0f} ms, ligne à ligne "
        f"{1000 * theirs:.0f} ms, rapport {theirs / ours:.1f} (but ≥ 5)"
    )


def by_hand() -> dict[int, int]:
    rules = list(VialDoses.objects.order_by("-starts_on"))
    found: dict[int, int] = {}
    for one in SupplyLine.objects.standing().select_related("wave").iterator():
        doses = one.doses if one.planned_doses is None else one.planned_doses
        day = one.expected_on or one.wave.delivers_on
        mine = (rule for rule in rules if rule.vaccine_id == one.wave.vaccine_id)
        rule = next((rule for rule in mine if rule.starts_on <= day), None)
        if doses is not None and rule is not None:
            found[one.pui_id] = found.get(one.pui_id, 0) + packed(doses, rule.doses).vials
    return found


def works(by: User, wave: Wave) -> None:
    """What is written: a wave of 5,000 lines, the plan of a wave; undone each time."""
    numbers = wave.lines.values_list("recipient__finess", flat=True)[:5_000]
    asked = [Asked(number, finess) for number, finess in enumerate(numbers, start=2)]
    flows = dict(wave.lines.values_list("recipient__finess", "pivot__establishment__finess"))
    asked = [Asked(one.number, one.recipient, pivot=flows[one.recipient] or "") for one in asked]
    pharmacy_of = dict(wave.lines.values_list("recipient__finess", "pui__establishment__finess"))
    asked = [Asked(*_parts(one, pharmacy_of[one.recipient])) for one in asked]
    day = wave.delivers_on + timedelta(days=21)
    opening = Opening("Banc", wave.vaccine, day, timezone.now() + timedelta(days=7))
    tell("vague de 5 000 lignes, aperçu", lambda: check(asked, wave.vaccine, day))
    tell("vague de 5 000 lignes, créée", lambda: open_wave(by=by, opening=opening, asked=asked))
    plan = from_needs(lines_operated(by).standing().filter(wave=wave), wave.delivers_on)
    typed, seen = plan.typed, plan.seen
    write = lambda: write_deliveries(by=by, wave=wave, typed=typed, seen=seen)  # noqa: E731
    tell(f"plan de {len(typed)} livraisons, écrit", write)


def _parts(one: Asked, pui: str) -> tuple[int, str, str, str, str]:
    return one.number, one.recipient, pui, "", one.pivot


def tell(title: str, work: Callable[[], object]) -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        work()
        transaction.set_rollback(True)
    print(f"  {title} : {seconds(work, 3):.2f} s, {len(queries)} requêtes", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--only", default="", help="les pages dont le titre contient ce mot")
    options = parser.parse_args()
    if not prepare() or lines() < LINES // 2:
        print("vaccins : pas de base nationale ici, rien n’est mesuré")
        return
    print(f"vaccins, {lines()} lignes, {nation.load_text()}", flush=True)
    wave = Wave.objects.filter(label__startswith=NAME).latest("delivers_on")
    people = readers()
    for name, reader in people.items():
        browser = web.Browser(web.log_in(reader))
        for title, address in pages(name, wave).items():
            if options.only in f"{name}, {title}":
                Page(f"{name}, {title}", browser, address).measure(options.times)
        for title, address in files(name, wave).items():
            if options.only in f"fichier {name}, {title}":
                take_away(f"fichier {name}, {title}", browser, address)
    vials()
    works(people["SPF"], wave)


if __name__ == "__main__":
    main()
