"""Read what the database, the folders and the mail server hold, once everybody is quiet."""

import hashlib
from collections import Counter, defaultdict
from pathlib import Path

from django.db import connection, transaction

from orders.logistics.order_files import code_of
from orders.models import FiledOrder, Order, OrderFile
from tests.faults.checks import Counted, Found, Job
from tests.faults.sink import Mail

CELLS = """
SELECT site.finess || '/' || line.item_id, line.stock
  FROM (SELECT establishment_id, item_id, stock, id FROM epi_stocks_replacedline
        UNION ALL
        SELECT establishment_id, item_id, stock, 9223372036854775807
          FROM epi_stocks_inventoryline) line
  JOIN establishments_establishment site ON site.id = line.establishment_id
 ORDER BY line.id
"""
ORDERS = "SELECT token::text, state FROM orders_order WHERE state <> 'draft'"
KEYS = """
SELECT key, count(*) FROM pui_transmission
 WHERE key <> '' AND state IN ('confirmed', 'replaced') GROUP BY 1
"""
LATEST = """
SELECT pui_id, min(stock)::int, max(stock)::int FROM pui_lateststock
 WHERE pui_id IN (SELECT pui_id FROM pui_transmission WHERE origin = 'api') GROUP BY 1
"""
REQUESTS = """
SELECT person.email || ' ' || site.finess, count(*) FROM accounts_accessrequest asked
  JOIN accounts_profile profile ON profile.id = asked.profile_id
  JOIN accounts_user person ON person.id = profile.user_id
  JOIN establishments_establishment site ON site.id = profile.establishment_id
 GROUP BY 1
"""
DEPOSITS = "SELECT digest, state, path FROM pui_transmission WHERE origin = 'file'"
QUOTAS = """
SELECT 'contingent ' || quota.id, quota.used, quota.granted, coalesce(sum(moved.quantity), 0)::int
  FROM orders_quota quota LEFT JOIN orders_movement moved ON moved.quota_id = quota.id
 GROUP BY quota.id
UNION ALL
SELECT 'stock ' || stock.id, stock.reserved, stock.reserved + stock.available,
       coalesce(sum(moved.quantity), 0)::int
  FROM orders_stock stock LEFT JOIN orders_movement moved ON moved.stock_id = stock.id
 GROUP BY stock.id
"""
# what the tables say was done, and what the journal says: (verb, target), how many
ACTS = """
SELECT 'orders.order_sent', number, count(*) FROM orders_order WHERE state <> 'draft' GROUP BY 2
UNION ALL
SELECT 'orders.order_cancelled', number, count(*) FROM orders_order WHERE state = 'cancelled'
 GROUP BY 2
UNION ALL
SELECT 'pui.transmitted', '', count(*) FROM pui_transmission
 WHERE state IN ('confirmed', 'replaced') HAVING count(*) > 0
UNION ALL
SELECT 'account.profile_requested', '', count(*) FROM accounts_accessrequest HAVING count(*) > 0
UNION ALL
SELECT 'orders.file_written', '', count(*) FROM orders_orderfile HAVING count(*) > 0
"""
JOURNAL = """
SELECT verb, CASE WHEN verb LIKE 'orders.order_%%' THEN target ELSE '' END, count(*)
  FROM journal_entry
 WHERE verb IN ('orders.order_sent', 'orders.order_cancelled', 'pui.transmitted',
                'account.profile_requested', 'orders.file_written')
 GROUP BY 1, 2
"""
JOBS = """
SELECT job.id, job.task_name, job.status::text,
       coalesce(EXTRACT(EPOCH FROM now() - worker.last_heartbeat), 1e6)::float,
       coalesce(EXTRACT(EPOCH FROM now() - GREATEST(job.scheduled_at, queued.at)), 0)::float
  FROM procrastinate_jobs job
  LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
  LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events
                      WHERE job_id = job.id AND type IN ('deferred', 'deferred_for_retry')
                    ) queued ON true
 WHERE job.status IN ('todo', 'doing', 'failed', 'aborting')
"""
# a round that the database left in the middle is made again at its next hour: nothing is lost
ROUNDS = "SELECT DISTINCT task_name FROM procrastinate_periodic_defers"


def read_found(folder: Path, mails: list[Mail], stocks: dict[str, int]) -> Found:
    """In one look at the database: what changes meanwhile is not half seen."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return read_with(cursor, folder, mails, stocks)


def read_with(cursor, folder: Path, mails: list[Mail], stocks: dict[str, int]) -> Found:
    def rows(statement: str) -> list[tuple]:
        cursor.execute(statement)
        return cursor.fetchall()

    found = Found(mails=list(mails))
    found.cells = listed(rows(CELLS))
    found.orders = listed(rows(ORDERS))
    found.transmissions = Counter(dict(rows(KEYS)))
    found.latest = {pui: low if low == high else -1 for pui, low, high in rows(LATEST)}
    found.requests = Counter(dict(rows(REQUESTS)))
    deposits = rows(DEPOSITS)
    found.deposits = listed((digest, state) for digest, state, _ in deposits)
    found.kept_files = {
        digest for digest, _, path in deposits if (folder / "files" / path).is_file()
    }
    found.counters = [Counted(*row, stocks.get(row[0])) for row in rows(QUOTAS)]
    found.acts = Counter({(verb, target): count for verb, target, count in rows(ACTS)})
    found.journal = Counter({(verb, target): count for verb, target, count in rows(JOURNAL)})
    jobs = [Job(*row) for row in rows(JOBS)]
    rounds = {name for (name,) in rows(ROUNDS)}
    found.jobs = [one for one in jobs if one.status != "failed" or one.task not in rounds]
    found.rounds_cut = len(jobs) - len(found.jobs)
    read_files(found, folder / "logistics")
    return found


def listed(rows) -> dict:
    found = defaultdict(list)
    for key, value in rows:
        if value is not None:
            found[key].append(value)
    return dict(found)


def read_files(found: Found, folder: Path) -> None:
    """Each order written beside the files that hold it; each file beside what was dropped."""
    held = Counter(
        FiledOrder.objects.filter(kind=FiledOrder.Kind.ORDER, file__replay_of=None).values_list(
            "order__token", flat=True
        )
    )
    gone = Order.objects.filter(exported_at__isnull=False).values_list("token", flat=True)
    found.written = {str(token): held[token] for token in {*gone, *held}}
    known = set()
    for file in OrderFile.objects.select_related("operator").order_by("operator", "sequence"):
        found.sequences.setdefault(str(file.operator), []).append(file.sequence)
        if file.dropped_at is None:
            continue
        for extension, digest in (("csv", file.csv_digest), ("json", file.json_digest)):
            path = folder / code_of(file.operator) / "commandes" / f"{file}.{extension}"
            known |= {path, path.with_name(f"{path.name}.sha256")}
            found.folder[path.name] = fault_of(path, digest)
    for path in folder.glob("*/commandes/*"):
        if path not in known and not path.name.startswith("."):  # not a file yet, says the contract
            found.folder[path.name] = "inconnu, ou partiel"


def fault_of(path: Path, digest: str) -> str:
    if not path.is_file():
        return "absent"
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        return "partiel"
    beside = path.with_name(f"{path.name}.sha256")
    return "" if beside.is_file() and digest in beside.read_text() else "sans empreinte"
