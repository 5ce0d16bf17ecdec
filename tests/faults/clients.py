"""What people and machines write all the time: cells, orders, stocks, files, requests."""

import hashlib
import json
import random
import re
import time
from abc import abstractmethod
from itertools import count
from uuid import uuid4

from tests.faults.people import FOUND, LAST_PATIENCE, OK, Client, Member
from tests.faults.told import NO, YES, Act, Told
from tests.faults.world import ITEMS, MACHINE_LINES, PACK, Grid, Home, Pharmacy, World, stock_file
from tests.proxied.people import Answer

BASKET, DEPOSIT = "/distrilog/panier/", "/dispostock/medicaments/transmission/"
NUMBER = re.compile(r"/transmise/(\d+)/")
_numbers = count(1)


class Typist(Member):
    """Types in one grid, beside a colleague who types in its other cells."""

    pause = 0.15

    def __init__(self, grid: Grid, rank: int, *rest) -> None:
        super().__init__(*rest)
        self.grid, self.email, self.page = grid, grid.emails[rank], grid.page
        self.items = ITEMS[rank::2]
        self.seen: dict[int, str] = {}
        self.value = 0
        self.unsaved: Act | None = None  # the page keeps what was not acknowledged

    def act(self) -> None:
        if self.unsaved is None:
            self.value += 1
            item = self.items[self.value % len(self.items)]
            self.unsaved = Act("cell", f"{self.grid.finess}/{item}", 1_000 + self.value)
        act, item = self.unsaved, int(self.unsaved.key.partition("/")[2])
        cell = {"cell": f"{item}-stock", "value": str(act.value), "seen": self.seen.get(item, "")}
        content = {"ticket": self.grid.ticket, "profile": "", "cells": [cell]}
        self.until_answered(act, lambda: self.browser.post_json(self.grid.cells, content), (200,))
        if act.verdict == YES:
            self.seen[item], self.unsaved = str(act.value), None


class Buyer(Member):
    """Orders, and cancels four times out of ten what was ordered."""

    page = BASKET
    pause = 0.4

    def __init__(self, home: Home, *rest) -> None:
        super().__init__(*rest)
        self.home, self.email = home, home.email
        self.kept: list[tuple[str, str]] = []

    def act(self) -> None:
        if self.kept and self.luck.random() < 0.4:
            self.cancel(*self.kept.pop())
        else:
            self.order()

    def order(self) -> None:
        token = str(uuid4())
        fields = {
            f"produit-{self.home.product}": str(PACK),
            "adresse": str(self.home.address),
            "contact": "Hélène Vasseur",
            "telephone": "02 00 00 02 10",
            "jeton": token,
            "action": "transmettre",
        }
        act = Act("order", token, PACK)
        self.until_answered(act, lambda: self.browser.post(BASKET, fields), (302,), (409, 422))
        if act.verdict == YES and (found := NUMBER.search(act.words)):
            self.kept.append((token, found[1]))

    def cancel(self, token: str, number: str) -> None:
        address = f"/distrilog/commandes/{number}/annuler/"
        act = Act("cancel", token)

        def attempt() -> Answer:
            """The page that follows says whether it was still time."""
            sent = self.browser.post(address, {"motif": "essai"})
            if sent.status != FOUND:
                return sent
            return self.browser.get(sent.headers["Location"])

        answer = self.until_answered(act, attempt, (OK,))
        if answer is not None and "est annulée" not in answer.text:
            act.verdict = NO


class Machine(Client):
    """Sends the stocks of its pharmacies, each sending under a key."""

    pause = 0.5

    def __init__(self, pharmacies: list[Pharmacy], *rest) -> None:
        super().__init__(*rest)
        self.pharmacies, self.number = pharmacies, 0

    def live(self) -> None:
        self.number += 1
        one = self.pharmacies[self.number % len(self.pharmacies)]
        key, stock = f"envoi-{uuid4()}", 400 + next(_numbers)
        lines = [{"ucd": code, "stock": stock, "cmj": 35.5}
                 for code in self.world.codes[:MACHINE_LINES]]  # fmt: skip
        body = json.dumps({"pui": {"id": one.pui}, "lignes": lines}).encode()
        headers = {"Authorization": f"Bearer {one.token}", "Idempotency-Key": key,
                   "Content-Type": "application/json", "Accept": "application/json"}  # fmt: skip
        act = Act("transmission", key, (one.pui, stock))
        self.until_answered(
            act,
            lambda: self.browser.ask("POST", "/api/v1/transmissions", body, **headers),
            (200, 201),
        )


class Depositor(Member):
    """Sends files that the task worker reads."""

    pause = 2.0

    def __init__(self, pharmacy: Pharmacy, *rest) -> None:
        super().__init__(*rest)
        self.pharmacy, self.email = pharmacy, pharmacy.email

    def act(self) -> None:
        content = stock_file(self.world.codes, next(_numbers))
        fields = {"pui": str(self.pharmacy.pui), "due_on": self.pharmacy.due_on}
        act = Act("deposit", hashlib.sha256(content).hexdigest())
        self.until_answered(
            act,
            lambda: self.browser.post_file(DEPOSIT, fields, "stock.csv", content),
            (302,),
            (422, 507),
        )


class Visits(Client):
    """A person after another comes once, until all have."""

    def __init__(self, emails: list[str], *rest) -> None:
        super().__init__(*rest)
        self.emails = emails

    def live(self) -> None:
        if self.emails:
            self.come(self.emails.pop())
        else:
            time.sleep(1)

    @abstractmethod
    def come(self, email: str) -> None:
        """What each comes for."""


class Newcomer(Visits):
    """Logs in and asks for a profile."""

    pause = 0.8

    def come(self, email: str) -> None:
        place = self.luck.choice(self.world.places)
        address = f"/profils/demander/{place}/"
        if not self.enter(email, address):
            return
        fields = {"rights": "epi_stock:inventory_operator", "step": "envoyer"}
        act = Act("request", f"{email} {place}")
        self.until_answered(act, lambda: self.browser.post(address, fields), (302,))


class Forgetful(Visits):
    """Has forgotten their password."""

    pause = 0.5
    address = "/comptes/mot-de-passe/oublie/"

    def come(self, email: str) -> None:
        self.browser.cookies.clear()
        page = self.answer_of(lambda: self.browser.read_token(self.address))
        if page is None or page.status != OK:
            self.emails.append(email)
            return
        act = Act("reset", email)
        self.until_answered(act, lambda: self.browser.post(self.address, {"email": email}), (302,))


class Crowd:
    """All of them at once; ``seed`` decides who does what when."""

    def __init__(self, world: World, port: int, told: Told, seed: str) -> None:
        self.world, self.port, self.told, self.seed = world, port, told, seed
        self.clients: dict[type[Client], list[Client]] = {}

    def resume(self, *kinds: type[Client]) -> None:
        for kind in kinds or (Typist, Buyer, Machine, Depositor, Newcomer):
            if kind not in self.clients:
                self.clients[kind] = self.made(kind)
            for client in self.clients[kind]:
                client.resume()

    def made(self, kind: type[Client]) -> list[Client]:
        world = self.world
        given = {
            Typist: [(grid, rank) for grid in world.grids for rank in range(2)],
            Buyer: [(home,) for home in world.homes],
            Machine: [(world.pharmacies[0::2],), (world.pharmacies[1::2],)],
            Depositor: [(world.pharmacies[0],)],
            Newcomer: [(world.newcomers,)],
            Forgetful: [(world.forgetful,)],
        }[kind]
        made = []
        for number, own in enumerate(given):
            luck = random.Random(f"{self.seed}/{kind.__name__}/{number}")
            made.append(kind(*own, world, self.port, self.told, luck))
            made[-1].start()
        return made

    def pause(self) -> None:
        """Nobody writes any more once this returns."""
        everyone = [client for kind in self.clients.values() for client in kind]
        for client in everyone:
            client.pause_soon()
        for client in everyone:
            if not client.idle.wait(LAST_PATIENCE + 60):
                raise SystemExit("Un client du banc ne s’arrête pas.")
