"""Never too much, under load and faults: 500 clients on one scarce product, killed as they go.

    make load ARGS="--faults [--seconds 60] [--clients 500] [--attempts 1000000]"

In a database of its own, made and removed. Processes hold the clients (threads that take turns on
a few connections, as a web server makes them); meanwhile connections are ended by PostgreSQL and
processes killed with ``kill -9``, then started again. A client whose order got no answer asks again
with the same token. At the end what the counters, the ledger and the orders say is compared with
what the clients were told. Then many attempts on one counter alone.
"""

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from bench import web  # noqa: I001 - sets Django up
from django.db import Error, connection
from django.db.models import Sum

from epi_stocks.services.reference import load_items
from orders.models import Movement, Order, Quota, Stock
from orders.services.errors import OrderingError
from orders.services.ordering import cancel
from tests.orders.ordering.test_at_once import neighbour
from tests.orders.ordering.world import make_world, order

PROCESSES, CONNECTIONS, HOMES, PACK = 10, 4, 40, 50
SCARCE = 200 * PACK
KILLS = 110


@dataclass(frozen=True, slots=True)
class Client:
    """One person, one establishment; what they were told goes to ``told``."""

    world: object
    server: ThreadPoolExecutor
    told: int
    luck: random.Random

    def live(self, until: float) -> None:
        kept: list[Order] = []
        while time.monotonic() < until:
            if kept and self.luck.random() < 0.4:
                self.give_back(kept.pop())
            else:
                done = self.ask()
                if done is not None:
                    kept.append(done)
            time.sleep(self.luck.random() / 5)

    def ask(self) -> Order | None:
        """Until there is an answer, with the same token: an order, or a refusal."""
        token = uuid4()
        send = partial(order, self.world, {self.world.masks: PACK}, token=token)
        done = self.answer_of(send)
        self.tell("refused" if done is None else "sent", token)
        return done

    def give_back(self, done: Order) -> None:
        self.answer_of(partial(cancel, by=self.world.operator, order=done))
        self.tell("cancelled", done.token)

    def answer_of(self, act: Callable[[], Order]) -> Order | None:
        """What a thread of the server answers; asked again when its connection was cut."""
        while True:
            try:
                return self.server.submit(served, act).result()
            except OrderingError:
                return None
            except Error:
                continue

    def tell(self, word: str, token: UUID) -> None:
        """One short write, whole whenever the process is killed."""
        os.write(self.told, f"{word} {token}\n".encode())


def served(act: Callable[[], Order]) -> Order:
    try:
        return act()
    except Error:
        connection.close()
        raise


def hold_clients(number, worlds, count, until, told):
    """A process of clients: they share few connections."""
    connection.close()
    server = ThreadPoolExecutor(CONNECTIONS)
    told = os.open(told, os.O_WRONLY | os.O_APPEND)
    threads = []
    for rank in range(count):
        luck = random.Random(f"{number}/{rank}/{time.monotonic()}")
        client = Client(worlds[(number + rank) % len(worlds)], server, told, luck)
        threads.append(threading.Thread(target=client.live, args=[until], daemon=True))
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def fill(clients: int, seconds: float, told: Path):
    """Start the processes; kill connections and processes meanwhile; start those again."""
    worlds = make_worlds()
    until = time.monotonic() + seconds
    share = clients // PROCESSES
    arguments = [(number, worlds, share, until, told) for number in range(PROCESSES)]
    connection.close()
    running = [start(one) for one in arguments]
    kills = 0
    while time.monotonic() < until:
        kills += 1
        if kills % 10:
            end_a_connection()
        else:
            number = kills // 10 % PROCESSES
            os.kill(running[number].pid, signal.SIGKILL)
            running[number] = start(arguments[number])
        time.sleep(seconds / KILLS)
    for one in running:
        one.join()
    heard = [line.split() for line in told.read_text().splitlines()]
    return worlds, [(word, UUID(token)) for word, token in heard], kills


def start(arguments):
    """A fork must not share our connection: closing its own would end ours."""
    connection.close()
    process = multiprocessing.Process(target=hold_clients, args=arguments, daemon=True)
    process.start()
    return process


def end_a_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
            " current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            " ORDER BY random() LIMIT 1"
        )


def make_worlds():
    load_items()
    world = make_world(available=SCARCE)
    worlds = []
    for _ in range(HOMES):
        one = neighbour(world)
        one.masks = world.masks
        worlds.append(one)
    return worlds


def verify(worlds, heard, clients: int, kills: int) -> bool:
    """Compare the counters, the ledger, the orders, and what people were told."""
    stock = Stock.objects.get(product=worlds[0].masks)
    ledger = Movement.objects.filter(stock=stock).aggregate(units=Sum("quantity"))["units"] or 0
    sent = {token for word, token in heard if word == "sent"}
    refused = {token for word, token in heard if word == "refused"}
    cancelled = {token for word, token in heard if word == "cancelled"}
    rows = dict(Order.objects.values_list("token", "state"))
    standing = sum(state == Order.State.SUBMITTED for state in rows.values())
    truths = {
        "stock jamais dépassé": stock.available >= 0 and stock.reserved <= SCARCE,
        "rien de perdu ni de créé": stock.available + stock.reserved == SCARCE,
        "le grand livre dit le stock": ledger == stock.reserved,
        "les commandes disent le stock": standing * PACK == stock.reserved,
        "les contingents disent le stock": used() == stock.reserved,
        "toute commande annoncée existe": sent <= rows.keys(),
        "aucune commande refusée n’existe": not refused & rows.keys(),
        "toute annulation annoncée a eu lieu": told_cancelled(cancelled, rows),
    }
    print(
        f"{clients} clients, {len(heard)} réponses ({len(sent)} commandes, {len(refused)} refus, "
        f"{len(cancelled)} annulations), {kills} coupures"
    )
    for words, holds in truths.items():
        print(f"  {'oui' if holds else 'NON'}  {words}")
    return all(truths.values())


def used() -> int:
    return Quota.objects.aggregate(units=Sum("used"))["units"] or 0


def told_cancelled(tokens: set[UUID], rows: dict[UUID, str]) -> bool:
    return all(rows[one] == Order.State.CANCELLED for one in tokens)


def attempt(number, stock, count, answers):
    """Take and give back on one counter, whole packs, without an order around."""
    connection.close()
    luck, held, taken = random.Random(number), 0, 0
    for _ in range(count):
        if held and luck.random() < 0.3:
            Stock.objects.take(stock_id=stock, quantity=-PACK)
            held -= 1
        elif Stock.objects.take(stock_id=stock, quantity=PACK):
            held, taken = held + 1, taken + 1
    answers.put((held, taken))


def many_attempts(attempts: int) -> bool:
    stock = Stock.objects.order_by("pk").last()
    Stock.objects.filter(pk=stock.pk).update(available=SCARCE, reserved=0)
    connection.close()
    answers, start_at = multiprocessing.Queue(), time.perf_counter()
    arguments = [(n, stock.pk, attempts // 8, answers) for n in range(8)]
    processes = [multiprocessing.Process(target=attempt, args=one) for one in arguments]
    for one in processes:
        one.start()
    found = [answers.get() for _ in processes]
    for one in processes:
        one.join()
    spent = time.perf_counter() - start_at
    stock.refresh_from_db()
    held, taken = sum(one[0] for one in found), sum(one[1] for one in found)
    holds = stock.available >= 0 and stock.reserved == held * PACK
    holds = holds and stock.available + stock.reserved == SCARCE
    print(
        f"{attempts} essais sur un compteur, 8 connexions : {taken} servis, {held} tenus, "
        f"{attempts / spent:.0f}/s ; dépassement : {'aucun' if holds else 'OUI'}"
    )
    return holds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--attempts", type=int, default=1_000_000)
    options = parser.parse_args()
    with web.own_database("load_orders"), tempfile.NamedTemporaryFile() as told:
        worlds, heard, kills = fill(options.clients, options.seconds, Path(told.name))
        fine = verify(worlds, heard, options.clients, kills)
        fine = many_attempts(options.attempts) and fine
    if not fine:
        raise SystemExit("Une des vérités n’est pas tenue.")


if __name__ == "__main__":
    main()
