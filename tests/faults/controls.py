"""Negative controls: the data are spoilt, the rule must see it, then all is put back.

In a transaction that is rolled back, by the superuser with the triggers off: no one else could.
What a constraint forbids is spoilt in what was read.
"""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from tests.faults.checks import (
    Found,
    answered,
    counted,
    files_whole,
    jobs_done,
    journaled,
    latest,
    mailed,
    once,
    refused,
    written,
)
from tests.faults.sink import Mail
from tests.faults.told import NO, YES, Told

JOB = "(SELECT min(id) FROM procrastinate_jobs WHERE task_name LIKE '%transmission')"


class Spoilt(NamedTuple):
    name: str
    rule: Callable[[Told, Found], list[str]]
    statement: str


IN_DATABASE = (
    Spoilt("une commande effacée", written, "DELETE FROM orders_order WHERE id ="
           " (SELECT max(id) FROM orders_order WHERE state = 'submitted')"),
    Spoilt("une case effacée", written, "DELETE FROM epi_stocks_inventoryline WHERE saved_at ="
           " (SELECT max(saved_at) FROM epi_stocks_inventoryline WHERE stock IS NOT NULL)"),
    Spoilt("une demande effacée", written, "DELETE FROM accounts_accessrequest"),
    Spoilt("une case écrite deux fois", once, "INSERT INTO epi_stocks_replacedline"
           " (week, establishment_id, item_id, stock, saved_at, replaced_at)"
           " SELECT week, establishment_id, item_id, stock, now(), now()"
           " FROM epi_stocks_inventoryline WHERE stock IS NOT NULL LIMIT 1"),
    Spoilt("un contingent faussé", counted, "UPDATE orders_quota SET used = used + 50 WHERE id ="
           " (SELECT id FROM orders_quota WHERE used + 50 <= granted LIMIT 1)"),
    Spoilt("un stock qui fuit", counted, "UPDATE orders_stock SET available = available - 50"
           " WHERE id = (SELECT id FROM orders_stock WHERE reserved > 0 LIMIT 1)"),
    Spoilt("un stock d’avant", latest, "UPDATE pui_lateststock SET stock = stock + 100000"),
    Spoilt("une ligne de journal ôtée", journaled, "DELETE FROM journal_entry WHERE id ="
           " (SELECT max(id) FROM journal_entry WHERE verb = 'orders.order_sent')"),
    Spoilt("une ligne de journal sans acte", journaled, "INSERT INTO journal_entry (at, verb,"
        " profile, target, finess, region_code, department_code, details, request_id)"
        " VALUES (now(), 'orders.order_sent', '', 'rien', '', '', '', '{}', '')",
    ),
    Spoilt("un travail échoué", jobs_done,
           f"UPDATE procrastinate_jobs SET status = 'failed' WHERE id = {JOB}"),
    Spoilt("un travail sans son processus", jobs_done, "UPDATE procrastinate_jobs"
           f" SET status = 'doing', worker_id = NULL WHERE id = {JOB}"),
    Spoilt("un fichier sauté", files_whole, "UPDATE orders_orderfile SET sequence = sequence + 7"
           " WHERE id = (SELECT max(id) FROM orders_orderfile)"),
)  # fmt: skip


def unseen(told: Told, read: Callable[[object], Found], folder: Path) -> tuple[int, list[str]]:
    """How many controls were made, and those that no rule saw."""
    with connection.cursor() as cursor:
        found = read(cursor)
    made = {
        **in_database(told, read, found),
        **in_memory(told, found),
        **in_folder(told, read, folder),
    }
    return len(made), [name for name, is_seen in made.items() if not is_seen]


def in_database(told, read, found) -> dict[str, bool]:
    seen = {}
    for name, rule, statement in IN_DATABASE:
        before = len(rule(told, found))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            if cursor.rowcount:
                seen[name] = len(rule(told, read(cursor))) > before
            transaction.set_rollback(True)
    return seen


def in_memory(told: Told, found: Found) -> dict[str, bool]:
    """What the database forbids, or what was said."""
    seen = {}
    twice = deepcopy(found)
    for states in twice.orders.values():
        states.append(states[0])
    if twice.orders:
        seen["une commande double"] = bool(once(told, twice))
    if orders := told.of("order", YES):
        orders[-1].verdict = NO
        seen["une commande refusée et faite"] = bool(refused(told, found))
        orders[-1].verdict = YES
    if resets := told.of("reset", YES):
        again = deepcopy(found)
        again.mails.append(Mail(resets[0].key, again.mails[0].subject, "<autre>"))
        again.mails.append(Mail(resets[0].key, again.mails[0].subject, "<encore>"))
        seen["un courriel double"] = bool(mailed(told, again))
    said = Told(surprises=["500"])
    seen["une page d’erreur"] = bool(answered(said, found))
    return seen


def in_folder(told: Told, read, folder: Path) -> dict[str, bool]:
    """A file of orders cut, then gone."""
    files = sorted((folder / "logistics").glob("*/commandes/*.csv"))
    if not files:
        return {}
    path, content, seen = files[-1], files[-1].read_bytes(), {}
    for name, spoil in (
        ("un fichier partiel", lambda: path.write_bytes(content[:-1])),
        ("un fichier absent", path.unlink),
    ):
        spoil()
        with connection.cursor() as cursor:
            seen[name] = bool(files_whole(told, read(cursor)))
        path.write_bytes(content)
    return seen
