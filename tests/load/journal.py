"""The journal at the size of some years: sealed, verified, tampered with, purged, searched.

    python tests/load/journal.py [--entries 1000000]

In a database of its own, made and removed. Each figure is printed with the goal beside it; the
command ends with an error when one is missed, or when a tampering is not found.
"""

import argparse
import logging
import os
import resource
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from bench import web  # noqa: I001 - sets Django up
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.journal_page.labels import LABELS
from config.database import grant_web_role
from journal.models import Entry, Seal
from journal.sealing.purging import purge_old
from journal.sealing.seals import seal_pending
from journal.sealing.verifying import Tally, findings
from journal.services import record
from tests.builders import make_person, make_region
from tests.journal.tampering import forge, tamper

SLOWEST_PAGE = 0.150  # seconds, for any list and any filter (quality.md)
REPEATED = 20
MEMORY = 150  # MiB above the interpreter, whatever the number of entries
OLD_SHARE = 20  # one entry in so many is past the delay
FILL = """
INSERT INTO journal_entry (at, verb, by_id, profile, target, finess, region_code, department_code,
                           details, request_id, address)
SELECT %(first)s + (%(last)s - %(first)s) * (n::double precision / %(count)s),
       (%(verbs)s::text[])[1 + n %% %(kinds)s],
       CASE WHEN n %% 20 > 0 THEN %(person)s END,
       'Administration · Hôpital fictif ' || n %% 30000,
       'personne.' || n %% 50000 || ' · Hôpital fictif ' || n %% 30000,
       lpad((n %% 30000)::text, 9, '0'), (%(regions)s::text[])[1 + n %% 18], '45',
       jsonb_build_object('reason', CASE WHEN n %% 3 = 0 THEN 'Départ en congé dossier'
                                         ELSE 'Nouveau poste dossier' END || n %% 20000,
                          'before', jsonb_build_object('phone', '0200000000', 'number', n),
                          'after', jsonb_build_object('phone', '0200000001', 'number', n + 1)),
       md5(n::text), '192.0.2.1'
  FROM generate_series(1, %(count)s) AS n
"""
MISSED: list[str] = []


def main(count: int) -> None:
    logging.disable(logging.WARNING)
    started = memory()
    with web.own_database("load_journal"), tempfile.TemporaryDirectory() as folder:
        settings.JOURNAL_HEADS_FILE = Path(folder) / "journal-seals.jsonl"
        old = prepare(count)
        measure_seals(count - old)
        measure_verification(count, started)
        measure_search()
        measure_writing()
        measure_tampering()
        measure_purge(old)
    print(f"Charge de la machine\u00a0: {', '.join(f'{one:.1f}' for one in os.getloadavg())}")
    if MISSED:
        raise SystemExit(f"Buts manqués\u00a0: {', '.join(MISSED)}")


def prepare(count: int) -> int:
    """Three years and some months; those past the delay sealed on their day."""
    now = timezone.now()
    regions = [make_region(f"{number:02}", f"Région {number}").pk for number in range(1, 19)]
    grant_web_role()
    limit = now - timedelta(days=31 * settings.JOURNAL_KEPT_MONTHS + 10)
    old = count // OLD_SHARE
    with time_machine.travel(limit):
        fill(old, regions, limit - timedelta(days=60), limit - timedelta(seconds=1))
        seal_pending()
    fill(count - old, regions, limit, now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE journal_entry")
    return old


def fill(count: int, regions: list[str], first: datetime, last: datetime) -> None:
    person = make_person("APE")
    verbs = sorted(LABELS)
    with connection.cursor() as cursor:
        cursor.execute(
            FILL,
            {
                "count": count,
                "first": first,
                "last": last,
                "verbs": verbs,
                "kinds": len(verbs),
                "person": person.pk,
                "regions": regions,
            },
        )


def measure_seals(count: int) -> None:
    seconds = timed(seal_pending)
    told("entrées scellées par seconde, en rattrapage", count / seconds, "/s", 10_000, least=True)
    for _ in range(500):
        record("test.done", by=None)
    told("sceller la minute, 500 entrées", 1000 * timed(seal_pending), "ms", 250)


def measure_verification(count: int, started: int) -> None:
    seconds = timed(lambda: told_whole(verify()))
    told("vérification complète", seconds, "s", 60 * max(1, count / 1_000_000))
    told("entrées vérifiées par seconde", count / seconds, "/s", 20_000, least=True)
    told("mémoire au-dessus du départ", (memory() - started) / 1024, "Mio", MEMORY)


def measure_search() -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(make_person("AUD"))
    page = reverse("plage:journal")
    day = timezone.localdate() - timedelta(days=200)
    dates = {"du": day.isoformat(), "au": (day + timedelta(days=6)).isoformat()}
    asked = {
        "sans filtre": {},
        "une semaine": dates,
        "région": {"region": "05"},
        "famille": {"famille": "Demandes"},
        "famille et région": {"famille": "Demandes", "region": "05"},
        "action et semaine": {"action": "account.logged_in", **dates},
        "FINESS": {"etablissement": "000012345"},
        "numéro de requête": {"requete": "c4ca4238a0b923820dcc509a6f75849b"},
        "mot rare": {"mots": "dossier12345"},
        "mot fréquent": {"mots": "congé"},
        "mot rare et mot fréquent": {"mots": "congé dossier12345"},
        "mot absent": {"mots": "introuvable"},
        "mot fréquent, une semaine": {"mots": "congé", **dates},
        "mot rare, région": {"mots": "dossier12345", "region": "05"},
        "profil rare": {"profil": "fictif 12345"},
        "profil fréquent": {"profil": "administration"},
        "profil absent": {"profil": "inconnu"},
        "profil fréquent et mot rare": {"profil": "administration", "mots": "dossier777"},
    }
    for name, query in asked.items():
        before = processor()
        times = [timed(partial(read, client, page, query)) for _ in range(REPEATED)]
        work = (processor() - before) / REPEATED
        slow = statistics.quantiles(times, n=20)[-1]  # one in twenty is slower
        goal = 1000 * SLOWEST_PAGE
        told(f"page du journal, {name}", 1000 * slow, "ms", goal, is_judged=not is_busy())
        told("  dont processeur, en moyenne", 1000 * work, "ms", goal)
    for kind in ("csv", "xlsx"):
        address = reverse("plage:journal_file", args=[kind])
        last = {"du": (timezone.localdate() - timedelta(days=6)).isoformat()}
        seconds = timed(partial(read, client, address, last))
        rows = Entry.objects.filter(verb="account.journal_exported").latest("pk").details["rows"]
        told(f"fichier {kind} de {rows} lignes", seconds, "s", 30)


def processor() -> float:
    """Seconds of processor of the page and of its statements: other programs change them little."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def is_busy() -> bool:
    """Whether others hold the processors: the wait is then theirs, the work alone is judged."""
    return os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1)


def read(client: Client, address: str, query: dict[str, str]) -> None:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    b"".join(answer)


def measure_writing() -> None:
    """What the index of words costs to whoever writes."""

    def write() -> None:
        with transaction.atomic():
            for number in range(1_000):
                record("test.done", by=None, profile=f"Hôpital {number}", reason=f"Départ {number}")

    kept = statistics.median(timed(write) for _ in range(5))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP INDEX journal_words")
        without = statistics.median(timed(write) for _ in range(5))
        transaction.set_rollback(True)
    told("écrire une entrée", kept, "ms", 3)
    told("dont l’index des mots", kept - without, "ms", 0.5)
    seal_pending()


def measure_tampering() -> None:
    """One of each kind, at this size: found, then undone."""
    middle = Seal.objects.order_by("-number")[Seal.objects.count() // 2]
    somewhere = (middle.first_id + middle.last_id) // 2
    kinds = {
        "modification": lambda: tamper(
            "UPDATE journal_entry SET target = 'y' WHERE id = %s", somewhere
        ),
        "suppression": lambda: tamper("DELETE FROM journal_entry WHERE id = %s", somewhere),
        "ajout": lambda: forge(-1),
        "sceau refait": lambda: tamper(
            "UPDATE journal_seal SET digest = repeat('0', 64) WHERE number = %s",
            middle.number,
            table="journal_seal",
        ),
        "fin coupée": lambda: cut(middle),
    }
    for name, act in kinds.items():
        with transaction.atomic():
            act()
            found = verify()
            transaction.set_rollback(True)
        print(f"{name:<45} {found[0] if found else 'NON TROUVÉ'}")
        if not found:
            MISSED.append(name)


def cut(seal: Seal) -> None:
    tamper("DELETE FROM journal_entry WHERE id >= %s", seal.first_id)
    tamper("DELETE FROM journal_seal WHERE number >= %s", seal.number, table="journal_seal")


def measure_purge(old: int) -> None:
    end = Entry.objects.order_by("pk")[old - 1].pk
    seconds = timed(purge_old)
    told("entrées purgées par seconde", old / seconds, "/s", 2_000, least=True)
    if Entry.objects.filter(pk__lte=end).exists():
        MISSED.append("la purge a laissé des entrées")
    seal_pending()
    told_whole(verify())


def verify() -> list[str]:
    return list(findings(Tally(), settings.JOURNAL_HEADS_FILE))


def told_whole(found: list[str]) -> None:
    if found:
        MISSED.append(found[0])


def timed(act) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def told(
    name: str,
    value: float,
    unit: str,
    goal: float,
    *,
    least: bool = False,
    is_judged: bool = True,
) -> None:
    is_met = value >= goal if least else value <= goal
    sign = "≥" if least else "≤"
    missed = "" if is_met else "  MANQUÉ" if is_judged else "  (machine occupée, non jugé)"
    print(f"{name:<60} {value:>10.1f} {unit:<4} but {sign} {goal:g}{missed}", flush=True)
    if not is_met and is_judged:
        MISSED.append(name)


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=1_000_000)
    main(parser.parse_args().entries)
