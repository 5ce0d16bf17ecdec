"""Somebody holds what the others need: a row, all the connections, all the threads."""

import contextlib
import os
import shutil
import socket
import threading
import time

import psycopg
from django.db import connection

from config import devdb
from tests.faults.people import BUSY
from tests.faults.service import HOST, free_port
from tests.faults.trial import Trial, meanwhile, superuser
from tests.proxied.machines import Proxy

# lock_timeout (5 s) counts for each lock: who waits behind somebody who waits does so twice, and
# statement_timeout (10 s) ends it
HELD, LONGEST_ANSWER = 30.0, 12.0
SLOW_CLIENTS = 60
THROW_OUT = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE application_name <> 'hoard' AND usename = %s"
)
HEAD = f" HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"


def lock(trial: Trial) -> None:
    """The row of the stock that all order from, held for thirty seconds."""
    time.sleep(3)
    since = time.monotonic()
    with superuser(trial.service) as opened, opened.transaction():
        held = "SELECT FROM orders_stock WHERE id = %s FOR UPDATE"
        opened.execute(held, [trial.world.stock])
        time.sleep(HELD)
    until = time.monotonic()
    asked = [one for one in trial.told.answers if since < one.at < until]
    busy = [one.seconds for one in asked if one.status == BUSY]
    trial.require(bool(busy), "personne n’attendait le verrou")
    trial.require(
        max(busy, default=0) < LONGEST_ANSWER, f"une réponse en {max(busy, default=0):.1f} s"
    )
    trial.require(all(one.is_told for one in asked if one.status == BUSY), "un 503 sans phrase")
    trial.measures["refus avec phrase"] = len(busy)
    trial.measures["le plus long, secondes"] = round(max(busy, default=0), 1)
    cells = [
        act.ended - act.sent for act in trial.told.of("cell", "yes") if since < act.sent < until
    ]
    trial.require(bool(cells), "les autres ne peuvent plus rien enregistrer")
    trial.measures["cases enregistrées pendant ce temps"] = len(cells)
    trial.strike(lambda: None)


def connections(trial: Trial) -> None:
    """Every connection that PostgreSQL gives is taken by somebody, for ten seconds.

    Who was quick enough to connect again is served, and rightly says that all is well: each is
    thrown out until nobody else has one.
    """
    time.sleep(3)
    kept = []
    address = {"host": str(devdb.socket_folder(trial.service.folder)), "dbname": devdb.DATABASE}
    since = time.monotonic()
    try:
        with superuser(trial.service) as opened:
            end, others = time.monotonic() + 10, 1
            while others or time.monotonic() < end:
                if time.monotonic() > end + 10:
                    raise RuntimeError(f"encore {others} connexions à d’autres")
                others = opened.execute(THROW_OUT, [devdb.WEB]).fetchone()[0]
                take_all(kept, address)
                time.sleep(0.02)
            trial.require(trial.service.health() == 503, "/sante/ ne dit rien")
        trial.measures["connexions prises"] = len(kept)
    finally:
        for one in kept:
            one.close()
    trial.strike(lambda: None)
    busy = [one for one in trial.told.answers if one.at > since and one.status == BUSY]
    trial.require(bool(busy), "personne n’a manqué de connexion")
    trial.require(all(one.is_told for one in busy), "un 503 sans phrase")
    trial.measures["refus avec phrase"] = len(busy)
    connection.close()


def take_all(kept: list, address: dict) -> None:
    while True:
        try:
            kept.append(
                psycopg.connect(
                    **address, user=devdb.WEB, application_name="hoard", autocommit=True
                )
            )
        except psycopg.OperationalError:
            return


def slow(trial: Trial) -> None:
    """Sixty clients who send one byte at a time, and read as slowly, through the proxy.

    The control asks gunicorn directly: there, they hold the threads, and a page does not come.
    """
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        trial.measures["non joué"] = "il manque nginx (apt-get install nginx-light)"
        return
    usual = max(seconds_of(trial.service.port) for _ in range(10))
    proxy = Proxy(trial.service.run, free_port(), [trial.service])
    proxy.start()
    try:
        with meanwhile(lambda ending: crawl(proxy.port, ending)):
            time.sleep(3)
            through = [seconds_of(proxy.port) for _ in range(20)]
            writes = trial.strike(lambda: None)
    finally:
        proxy.stop()
    trial.require(max(through) < max(2, 5 * usual), f"une page en {max(through):.1f} s")
    trial.measures["page sans client lent, la plus lente, secondes"] = round(usual, 2)
    trial.measures["page par le serveur frontal, la plus lente, secondes"] = round(max(through), 2)
    trial.measures["écriture suivante, secondes"] = round(writes, 2)
    with meanwhile(lambda ending: crawl(trial.service.port, ending)):
        time.sleep(3)
        asked = (seconds_of(trial.service.port, patience=2 + 10 * usual) for _ in range(30))
        direct = next((one for one in asked if one >= 2 + 5 * usual), 0.0)
    trial.require(
        direct >= 2 + 5 * usual, "témoin : sans serveur frontal, personne n’aurait dû attendre"
    )
    trial.measures["témoin sans serveur frontal, secondes"] = round(direct, 2)
    trial.strike(lambda: None)


def seconds_of(port: int, patience: float = 10) -> float:
    """How long a page of nobody takes; ``patience`` when it never comes."""
    start = time.monotonic()
    asked = f"GET /robots.txt{HEAD}Connection: close\r\n\r\n"
    content = b""
    with (
        contextlib.suppress(OSError),
        socket.create_connection(("127.0.0.1", port), timeout=patience) as opened,
    ):
        opened.sendall(asked.encode())
        while piece := opened.recv(65536):
            content += piece
    return time.monotonic() - start if content.startswith(b"HTTP/1.1 200") else patience


def crawl(port: int, ending: threading.Event) -> None:
    """One in four sends a body byte by byte, the others the headers."""
    head = f"POST /comptes/connexion/{HEAD}"
    body = head + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\n"
    opened = []
    for number in range(SLOW_CLIENTS):
        one = socket.create_connection(("127.0.0.1", port), timeout=5)
        one.sendall((head if number % 4 else body).encode())
        opened.append(one)
        time.sleep(0.02)  # or one worker takes them all
    while not ending.wait(0.3):
        for one in opened:
            with contextlib.suppress(OSError):
                one.sendall(b"a")
    for one in opened:
        one.close()
