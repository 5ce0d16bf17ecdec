"""What the measures of the web path share: requests through the real WSGI application, in processes
of their own, beside a raw loop of upserts; and a database made for them, then removed.
"""

import io
import json
import logging
import multiprocessing
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
django.setup()

import psycopg  # noqa: E402
from allauth.usersessions.models import UserSession  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from common.weeks import current_week  # noqa: E402
from config.wsgi import application  # noqa: E402
from epi_stocks.services.reference import load_epi_reference  # noqa: E402
from establishments.models import Establishment  # noqa: E402
from tests.builders import make_establishment, make_person  # noqa: E402

# a line a request, made and written as in production, where nobody reads it
access, console = logging.getLogger("access"), logging.getLogger().handlers[0]
unread = logging.StreamHandler(open(os.devnull, "w"))  # noqa: SIM115 - until the end
unread.setFormatter(console.formatter)
unread.filters = console.filters
access.handlers, access.propagate = [unread], False

WORKERS = os.cpu_count() or 2  # as deployed: a worker for each core
CROWD = 8  # connections with which the raw loop goes fastest
PLACES = 40
ITEMS = (1, 2, 3, 5, 6, 7)
CSRF = "abcdefghijklmnopqrstuvwxyz012345"
RAW = """
INSERT INTO bench_raw (week, establishment_id, item_id, stock, saved_at, doubts)
VALUES (%s, %s, %s, %s, now(), 0)
ON CONFLICT (week, establishment_id, item_id) DO UPDATE
   SET stock = EXCLUDED.stock, saved_at = EXCLUDED.saved_at
"""
Work = Callable[[], None]


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """An empty database with its tables, which no other run disturbs."""
    multiprocessing.set_start_method("fork")
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("createcachetable", verbosity=0)
        yield
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def prepare(sites: int) -> tuple[str, list[Establishment]]:
    """A person logged in over the sites of one entity; the twin of the table for the raw loop."""
    load_epi_reference()
    first = make_establishment()
    places = [first] + [make_establishment(first.legal_entity) for _ in range(sites - 1)]
    person = make_person("OIE", on=first.legal_entity)
    session = log_in(person)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_raw (LIKE epi_stocks_inventoryline INCLUDING ALL)")
    return session, places


def log_in(person: User) -> str:
    """A session, told of as a login does."""
    client = Client()
    client.force_login(person)
    session = client.cookies["session"].value
    UserSession.objects.create(user=person, ip="127.0.0.1", session_key=session)
    return session


class StatementClock:
    """Adds up the time that statements take, called around each of them."""

    def __init__(self) -> None:
        self.milliseconds, self.statements = 0.0, 0

    def __call__(self, execute, *arguments):
        start = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.milliseconds += 1000 * (time.perf_counter() - start)
            self.statements += 1


class Browser:
    """Asks the application of one session's pages, without a network in between."""

    def __init__(self, session: str) -> None:
        self.application = application
        self.session = session

    def get(self, url: str) -> bytes:
        return self.send(url, {"REQUEST_METHOD": "GET", "HTTP_ACCEPT": "text/html"}, b"")

    def weigh(self, url: str) -> int:
        """Bytes of a file, which is let go as it comes."""
        path, _, query = url.partition("?")
        asked = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT": "text/html", "QUERY_STRING": query}
        statuses: list[str] = []
        response = self.application(
            self.environ(path, b"") | asked, lambda status, _headers: statuses.append(status)
        )
        size = sum(map(len, response))
        response.close()
        if not statuses[0].startswith("200"):
            raise SystemExit(f"{url} : {statuses[0]}")
        return size

    def post(self, url: str, body: dict) -> bytes:
        data = json.dumps(body).encode()
        headers = {
            "REQUEST_METHOD": "POST",
            "HTTP_ACCEPT": "application/json",
            "HTTP_X_CSRFTOKEN": CSRF,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(data)),
        }
        return self.send(url, headers, data)

    def send(self, url: str, headers: dict, data: bytes) -> bytes:
        statuses: list[str] = []
        path, _, query = url.partition("?")
        environ = self.environ(path, data) | headers | {"QUERY_STRING": query}
        response = self.application(environ, lambda status, _headers: statuses.append(status))
        content = b"".join(response)
        response.close()
        if not statuses[0].startswith("200"):
            raise SystemExit(f"{url} : {statuses[0]} {content[:300]!r}")
        return content

    def environ(self, url: str, data: bytes) -> dict:
        return {
            "PATH_INFO": url,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": f"session={self.session}; csrf={CSRF}",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(data),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


def web_work(number, make: Callable[[int], Work], seconds, pause, ready, answers):
    """Ask again and again, with ``pause`` seconds between two beginnings."""
    connection.close()
    ask = make(number)
    for _ in range(20):
        ask()
    ready.wait()
    backend = connection.connection.info.backend_pid
    times, end = [], time.perf_counter() + seconds
    used = processor_used(backend)
    while (start := time.perf_counter()) < end:
        ask()
        times.append(time.perf_counter() - start)
        if pause:
            time.sleep(max(0, pause - times[-1]))
    answers.put((len(times), times, processor_used(backend) - used))
    connection.close()


def processor_used(backend):
    """Seconds of processor of this process and of its PostgreSQL backend, so far."""
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def raw_work(number, address, seconds, ready, answers):
    week, count = current_week(), 0
    with psycopg.connect(**address, autocommit=True) as raw:
        ready.wait()
        end = time.perf_counter() + seconds
        used = processor_used(raw.info.backend_pid)
        while time.perf_counter() < end:
            count += 1
            raw.execute(RAW, [week, number * 100 + count % PLACES, ITEMS[count % 6], count])
        answers.put((count, [], processor_used(raw.info.backend_pid) - used))


def together(work, workers, *arguments):
    """Run ``workers`` processes at once and give what they did: total, times, processor."""
    answers, ready = multiprocessing.Queue(), multiprocessing.Barrier(workers)
    processes = [
        multiprocessing.Process(target=work, args=(number, *arguments, ready, answers))
        for number in range(workers)
    ]
    for process in processes:
        process.start()
    found = [answers.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    count = sum(one[0] for one in found)
    times = sorted(value for one in found for value in one[1])
    return count, times, sum(one[2] for one in found)


def in_turns(
    kinds: dict[str, Callable[[int], Work] | None], seconds: float, rounds: int, start: Work
) -> tuple[dict[str, float], dict[str, float]]:
    """Rate a second and processor (ms) of each kind, medians of the rounds.

    None is the raw loop: with as many workers as the others, or with ``CROWD`` for "crowd".

    Turns are short, so that a busy machine weighs on all alike.
    """
    found = settings.DATABASES["default"]
    address = {"host": found["HOST"], "dbname": found["NAME"], "user": found["USER"]}
    rates, processor = defaultdict(list), defaultdict(list)
    for _ in range(rounds):
        for kind, make in kinds.items():
            start()
            connection.close()  # the workers are forks: they must not share it
            if make is None:
                workers = CROWD if kind == "crowd" else WORKERS
                count, _times, used = together(raw_work, workers, address, seconds)
            else:
                count, _times, used = together(web_work, WORKERS, make, seconds, 0)
            rates[kind].append(count / seconds)
            processor[kind].append(1000 * used / count)
    return (
        {kind: statistics.median(values) for kind, values in rates.items()},
        {kind: statistics.median(values) for kind, values in processor.items()},
    )


def ratio(rate: float, rates: dict[str, float]) -> str:
    """Beside the raw loop with as many workers, then beside what it does at its fastest."""
    return f"{rate / rates['raw']:.3f}, {rate / rates['crowd']:.3f} à {CROWD} connexions"
