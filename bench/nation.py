"""What the measures at the national size share: the country completed, the people who type in it.

They work in the base itself (``DATA_DIR``), made by ``demo --scale national``, or filled with
14 weeks when it is empty. What they add stays there: it is a base made for measures.
"""

import io
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

import bench.web  # noqa: F401 - sets Django up, before any model
from accounts.models import User
from common.weeks import current_week, weeks_back
from config.demo.national import build_nation
from epi_stocks.grid.reading import EARLIER_WEEKS
from epi_stocks.models import InventoryLine
from epi_stocks.services.saving import CellChange, SaveResult, save_cells
from epi_stocks.summaries.refresh import refresh_due_weeks, refresh_weeks
from establishments.models import Establishment, LegalEntity
from tests.builders import make_person, make_user

DIRECTORY = 100_000  # establishments that FINESS lists, most of which declare nothing
LARGEST = "9B0000000"  # the entity with the most sites, as many as the largest of France
LARGEST_SITES = 689
TYPISTS = 400
EVERY = 40  # seconds between two refreshes
SMALLEST = 10_000  # national establishments under which the base is not of the national size

LARGEST_ENTITY = """
INSERT INTO establishments_legalentity
       (finess, name, long_name, address, postal_code, town, phone, department_id, region_id, siren,
        legal_status_id, is_fictitious)
SELECT %(finess)s, 'Association nationale du banc', '', '', '', 'BOURG-FICTIF', '',
       department_id, region_id, '', legal_status_id, true
  FROM establishments_legalentity WHERE finess = '9L0000001'
"""
# the n-th site is the twin of the n-th of every forty national ones: same category, same lines
TWINS = """
CREATE TEMPORARY TABLE twin AS
SELECT id, row_number() OVER (ORDER BY finess) AS rank
  FROM establishments_establishment
 WHERE finess LIKE '9S%%' AND right(finess, 7)::int %% 40 = 0
 LIMIT %(sites)s
"""
LARGEST_ENTITY_SITES = """
INSERT INTO establishments_establishment
       (finess, name, long_name, address, postal_code, town, phone, department_id, region_id, siret,
        sph_code, commune_code, ape_code, is_main, legal_entity_id, category_id, is_fictitious)
SELECT '9B' || lpad(twin.rank::text, 7, '0'), 'Foyer du banc ' || twin.rank, '', '', '',
       'BOURG-FICTIF', '', site.department_id, site.region_id, '', '', '', '', twin.rank = 1,
       entity.id, site.category_id, true
  FROM twin
  JOIN establishments_establishment site ON site.id = twin.id
  JOIN establishments_legalentity entity ON entity.finess = %(finess)s
"""
LARGEST_ENTITY_LINES = """
INSERT INTO epi_stocks_inventoryline
       (week, establishment_id, item_id, stock, daily, supply, doubts, saved_at)
SELECT line.week, site.id, line.item_id, line.stock, line.daily, line.supply, line.doubts,
       line.saved_at
  FROM twin
  JOIN establishments_establishment site ON site.finess = '9B' || lpad(twin.rank::text, 7, '0')
  JOIN epi_stocks_inventoryline line ON line.establishment_id = twin.id
 WHERE line.week = ANY(%(weeks)s) AND line.establishment_id = ANY(ARRAY(SELECT id FROM twin))
"""
LARGEST_ENTITY_HEADERS = """
INSERT INTO epi_stocks_weeklyinventory (week, establishment_id, first_saved_at, reason)
SELECT header.week, site.id, header.first_saved_at, ''
  FROM twin
  JOIN establishments_establishment site ON site.finess = '9B' || lpad(twin.rank::text, 7, '0')
  JOIN epi_stocks_weeklyinventory header ON header.establishment_id = twin.id
 WHERE header.week = ANY(%(weeks)s)
"""
OTHERS = """
INSERT INTO establishments_establishment
       (finess, name, long_name, address, postal_code, town, phone, department_id, region_id, siret,
        sph_code, commune_code, ape_code, is_main, legal_entity_id, category_id, is_fictitious)
SELECT '9X' || lpad(n::text, 7, '0'),
       (ARRAY['PHARMACIE','LABORATOIRE','CABINET','CENTRE DE SANTE','FOYER','RESIDENCE',
              'MAISON','SERVICE','CLINIQUE','ATELIER'])[1 + n %% 10] || ' '
       || (ARRAY['DES LILAS','DU PARC','SAINT-AUBIN','DE LA GARE','DES TILLEULS','BEAUSÉJOUR',
                 'DU MOULIN','DE L’ÉTOILE','DES ÉRABLES','DU CANAL','MARGUERITE'])[1 + n %% 11]
       || ' ' || n, '', '', '', 'BOURG-SUR-' || upper(to_hex(n %% 5003)), '',
       entity.department_id, entity.region_id, '', '', '', '', false, entity.id,
       category.codes[1 + n %% cardinality(category.codes)], true
  FROM generate_series(1, %(missing)s) n
  JOIN establishments_legalentity entity
    ON entity.finess = '9L' || lpad((1 + n %% %(entities)s)::text, 7, '0')
 CROSS JOIN (SELECT array_agg(code ORDER BY code) AS codes
               FROM establishments_establishmentcategory one
              WHERE NOT EXISTS (SELECT FROM epi_stocks_expectedcategory
                                 WHERE category_id = one.code)) AS category
"""


def prepare_nation(weeks: int = 14, places: int = 30_000) -> bool:
    """Fill an empty base, complete a national one. False: it holds something else, left as it is.

    Only a national base may be written to: typing in somebody's demonstration would change it.
    """
    multiprocessing.set_start_method("fork")
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    call_command("prepare_database", verbosity=0, stdout=io.StringIO())
    if not Establishment.objects.exists():
        call_command("load_reference", verbosity=0)
        for week in build_nation(places=places, weeks=weeks):
            refresh_weeks([week])
    nation = Establishment.objects.filter(finess__startswith="9S").count()
    if nation < SMALLEST:
        return False
    if not LegalEntity.objects.filter(finess=LARGEST).exists():
        complete(nation)
    return True


def complete(nation: int) -> None:
    """Add the entity with the most sites, and the establishments that declare nothing."""
    entities = LegalEntity.objects.filter(finess__startswith="9L").count()
    parameters = {
        "finess": LARGEST,
        "sites": LARGEST_SITES,
        "weeks": weeks_back(current_week(), EARLIER_WEEKS + 1),
        "missing": max(0, DIRECTORY - nation - LARGEST_SITES),
        "entities": entities,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (
            LARGEST_ENTITY,
            TWINS,
            LARGEST_ENTITY_SITES,
            LARGEST_ENTITY_LINES,
            LARGEST_ENTITY_HEADERS,
            OTHERS,
            "DROP TABLE twin",
        ):
            cursor.execute(statement, parameters if "%" in statement else None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE establishments_establishment")
        cursor.execute("ANALYZE epi_stocks_inventoryline")
    refresh_due_weeks()


def person_of(code: str, *, on=None, domain: str | None = None) -> User:
    """Somebody who holds the role ``code`` there; the same one each time."""
    name = f"banc-{code}-{on.pk if on else 'pays'}".lower()
    known = User.objects.filter(username=name).first()
    if known is not None:
        return known
    person = make_user(username=name, email=f"{name}@banc.example")
    return make_person(code, on=on, domain=domain, user=person)


def typists() -> list[tuple[User, list[int]]]:
    """People all over the country, each with one entity's sites to fill; kept for next time."""
    entities = LegalEntity.objects.filter(finess__startswith="9L").order_by("finess")
    chosen = entities[:: max(1, entities.count() // TYPISTS)][:TYPISTS]
    people = []
    for entity in chosen:
        sites = entity.establishments.filter(finess__startswith="9S").order_by("finess")
        people.append((person_of("OIE", on=entity), list(sites.values_list("pk", flat=True))))
    return people


class Typist:
    """Types one cell after another, through the service, each over the value seen before it."""

    def __init__(self, people: list[tuple[User, list[int]]]) -> None:
        self.week = current_week()
        places = [place for _, sites in people for place in sites]
        owners = {place: person for person, sites in people for place in sites}
        lines = InventoryLine.objects.filter(week=self.week, establishment__in=places)
        held = lines.values_list("item_id", "establishment_id", "stock").order_by(
            "item_id", "establishment_id"
        )
        self.seen = {(item, place): stock for item, place, stock in held if stock is not None}
        self.cells = [(owners[place], place, item) for item, place in self.seen]
        self.count = 0

    def save_one(self) -> None:
        person, place, item = self.cells[self.count % len(self.cells)]
        self.count += 1
        seen = self.seen[item, place]
        value = seen + (1 if seen % 2 == 0 else -1)  # to and fro: the figures stay as they were
        change = CellChange(item, "stock", value, seen)
        result: SaveResult = save_cells(
            by=person, week=self.week, establishment_id=place, changes=[change]
        )
        if not result.cells[0].is_saved:
            raise SystemExit(f"case refusée : {result.cells[0]}")
        self.seen[item, place] = value


def type_on(people, pause, count, stop):
    """Type until told to stop, one cell each ``pause`` seconds, or as fast as it goes."""
    connection.close()
    typist = Typist(people)
    next_one = time.perf_counter()
    while not stop.is_set():
        typist.save_one()
        count.value += 1
        next_one += pause
        if pause and (ahead := next_one - time.perf_counter()) > 0:
            time.sleep(ahead)
    connection.close()


class Typing:
    """Processes that type meanwhile; ``count`` says how many cells were saved so far."""

    def __init__(self, counts) -> None:
        self.counts = counts

    @property
    def count(self) -> int:
        return sum(one.value for one in self.counts)


@contextmanager
def typing(people, *, workers: int = 2, rate: float = 0) -> Iterator[Typing]:
    """Have ``rate`` cells a second saved by ``workers`` processes (0: as many as they can)."""
    connection.close()  # the workers are forks: they must not share it
    stop = multiprocessing.Event()
    counts = [multiprocessing.Value("q", 0, lock=False) for _ in range(workers)]
    pause = workers / rate if rate else 0
    processes = [
        multiprocessing.Process(target=type_on, args=(people[n::workers], pause, counts[n], stop))
        for n in range(workers)
    ]
    for process in processes:
        process.start()
    try:
        while not all(one.value > 20 for one in counts):
            if not all(process.is_alive() for process in processes):
                raise SystemExit("un programme de saisie s’est arrêté")
            time.sleep(0.05)
        yield Typing(counts)
    finally:
        stop.set()
        for process in processes:
            process.join()


def refresh_on(stop, done):
    """Refresh the summaries every forty seconds, as the task worker does, and say how long."""
    connection.close()
    while not stop.is_set():
        start = time.perf_counter()
        refresh_due_weeks()
        done.append(time.perf_counter() - start)
        stop.wait(max(0, EVERY - done[-1]))
    connection.close()


@contextmanager
def refreshing() -> Iterator[list[float]]:
    """Have the summaries kept meanwhile; give the seconds that each refresh took."""
    connection.close()
    stop = multiprocessing.Event()
    with multiprocessing.Manager() as manager:
        done = manager.list()
        process = multiprocessing.Process(target=refresh_on, args=(stop, done))
        process.start()
        try:
            yield done
        finally:
            stop.set()
            process.join()


def percentile(values: list[float], share: float = 0.95) -> float:
    return sorted(values)[max(0, int(share * len(values)) - 1)]


def load_text() -> str:
    """How busy the machine was: figures taken under load say little about an idle one."""
    with open("/proc/loadavg") as file:
        return f"charge de la machine {file.read().split()[0].replace('.', ',')}"
