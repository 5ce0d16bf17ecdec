"""What was true at an instant, and what a restored base says: table by table, act by act."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config import devdb
from tests.operations.drill.writers import Act

TABLES = """
    SELECT relname FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
"""
DIGEST = """
    SELECT count(*), coalesce(md5(string_agg(line, '' ORDER BY line)), '')
      FROM (SELECT md5(one::text) AS line FROM {} one) lines
"""
ORDERS = "SELECT token::text, state FROM orders_order"
CELLS = "SELECT establishment_id, stock FROM epi_stocks_inventoryline WHERE item_id = 1"
UPLOADS = "SELECT filename, path FROM orders_capacityimport"
JOURNAL = "SELECT count(*) FROM journal_entry"
Digests = dict[str, tuple[int, str]]


def digests(data: Path) -> Digests:
    """Each table of the base of ``data``: how many rows, and the digest of all of them."""
    with connected(data) as connection:
        names = [row[0] for row in connection.execute(TABLES)]
        return {
            name: tuple(connection.execute(psycopg.sql.SQL(DIGEST).format(quoted(name))).fetchone())
            for name in names
        }


def file_digests(data: Path) -> dict[str, str]:
    """The files of people and warehouses."""
    return {
        str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("files", "logistics")
        for path in (data / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def now_of(data: Path) -> float:
    with connected(data) as connection:
        return float(
            connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()[0]
        )


def switch_segment(data: Path) -> None:
    """The log goes on in another file, as it does every 16 MB."""
    with connected(data) as connection:
        connection.execute("SELECT pg_switch_wal()")


def connected(data: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(devdb.socket_folder(data)), user="postgres", dbname=devdb.DATABASE
    )


def quoted(name: str) -> psycopg.sql.Identifier:
    return psycopg.sql.Identifier(name)


def differences(expected: Digests, found: Digests) -> list[str]:
    """The tables that are not what they were."""
    return sorted(
        name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)
    )


@dataclass(frozen=True, slots=True)
class Held:
    """What a restored base holds of the acts."""

    orders: dict[str, str]
    cells: dict[int, int]
    uploads: dict[str, str]
    files: set[str]


def held_by(data: Path) -> Held:
    with connected(data) as connection:
        return Held(
            dict(connection.execute(ORDERS).fetchall()),
            dict(connection.execute(CELLS).fetchall()),
            dict(connection.execute(UPLOADS).fetchall()),
            set(file_digests(data)),
        )


def faults(acts: list[Act], held: Held, at: float) -> list[str]:
    """Answered before and not found, or asked after and found."""
    before = [one for one in acts if one.told < at]
    after = [one for one in acts if one.asked > at]
    lost = [f"perdu : {one.what} {one.which}" for one in before if not is_held(one, held)]
    early = [
        f"venu d’après : {one.what} {one.which}"
        for one in after
        if one.what != "cell" and is_held(one, held)
    ]
    return [*lost, *early, *cells_from_after(after, held)]


def is_held(act: Act, held: Held) -> bool:
    if act.what == "cell":
        place, value = map(int, act.which.split("/"))
        return held.cells.get(place, -1) >= value
    if act.what == "cancel":
        return held.orders.get(act.which) == "cancelled"
    if act.what == "upload":
        path = held.uploads.get(act.which)
        return path is not None and f"files/{path}" in held.files
    if act.what == "drop":
        return f"logistics/la-poste/commandes/{act.which}" in held.files
    return act.which in held.orders


def cells_from_after(after: list[Act], held: Held) -> list[str]:
    typed = [one.which.split("/") for one in after if one.what == "cell"]
    return [
        f"venu d’après : cell {place}/{value}"
        for place, value in typed
        if held.cells.get(int(place), -1) == int(value)
    ]
