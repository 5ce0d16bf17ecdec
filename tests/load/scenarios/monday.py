"""The Monday morning: everybody opens the platform between eight and ten.

Out of a hundred people, seventy fill the inventory of their sites cell by cell, eight transmit the
stock of a pharmacy by file, six on the screen, four by the software of their pharmacy, and twelve
read: the dashboards, the lists and the alerts of a region or of the country.
"""

import re
import uuid

from locust import task

from tests.load.scenarios.person import PEOPLE, Person, Program, noted
from tests.load.scenarios.reading import Reader
from tests.load.scenarios.typing import Sheet

LIST, ROOT, DUE = PEOPLE["list"], PEOPLE["list_path"], PEOPLE["due_on"]
VERSION = re.compile(r'name="version" value="(\d+)"')
REFUSED = re.compile(r'name="refusees" value="(\d+)"')
CHANGED = re.compile(r'name="(ligne-[0-9]+)"')
EXACT = re.compile(r'name="exact" value="([^"]+)"')
AGAIN = 0.1  # the part of the grids before which one had closed the browser
STAMP = re.compile(r'name="empreinte" value="([^"]+)"')


class MondayReader(Reader):
    weight = 12


class Typist(Person):
    """Fills their sites, one after another; now and then they come back and log in again."""

    kind, weight = "typists", 70

    @task
    def fill(self):
        if self.environment.luck.random() < AGAIN:
            self.log_in()
        finess = self.environment.luck.choice(self.me["sites"])
        sheet = Sheet(self, finess, PEOPLE["week"])
        self.think(5)
        if not sheet.open():
            return
        for _ in range(self.environment.luck.randint(5, len(sheet.cells))):
            self.think(3)
            sheet.type_one()


class Pharmacist(Person):
    """Somebody who declares the stock of a pharmacy; how, the heirs say."""

    abstract = True
    kind = "pharmacists"

    def lines(self):
        """Near what was declared last, so that nothing asks for an answer."""
        more = self.environment.luck.randint(0, 3)
        return [(code, stock + more, daily) for code, stock, daily in self.me["lines"]]

    def note_transmission(self, address):
        """Its number ends the address of its page."""
        noted("transmission", address.rstrip("/").rpartition("/")[2])


class ByFile(Pharmacist):
    """A file deposited, looked at, confirmed."""

    weight = 8

    @task
    def transmit(self):
        self.look("transmission, page", f"{ROOT}?pui={self.me['pui']}")
        self.think(20)
        rows = [
            f"{code};;{stock:g};{daily:g}".replace(".", ",") for code, stock, daily in self.lines()
        ]
        text = "\n".join(["UCD;Libellé;Quantité en stock;CMJ", *rows]) + "\n"
        fields = {"pui": self.me["pui"], "due_on": DUE}
        sent = self.send("transmission, fichier", ROOT, fields, files={"file": ("stock.csv", text)})
        address = sent.headers.get("Location", "")
        if not address.startswith(ROOT):
            return
        page = self.look("transmission, aperçu", address).text or ""
        version, refused = VERSION.search(page), REFUSED.search(page)
        if not version:
            return
        self.think(15)
        answers = {name: "exact" for name in CHANGED.findall(page)}
        fields = {"version": version[1], "refusees": refused[1] if refused else "0"} | answers
        done = self.send("transmission, confirmée", f"{address}transmettre/", fields)
        if done.status_code == 302:
            self.note_transmission(address)


class OnScreen(Pharmacist):
    """Some cells of the grid, then the whole due day."""

    weight = 6

    @task
    def declare(self):
        path = f"{ROOT}saisie/{self.me['pui']}/{DUE}/"
        self.look("grille PUI", path)
        self.send("grille PUI, reprise", f"{path}reprendre/", {})
        self.look("grille PUI", path)
        self.think(20)
        sent = self.send("grille PUI, envoi", path, {"transmettre": "1"}, expected=(200, 302))
        stamp = STAMP.search(sent.text or "")
        if sent.status_code == 200 and stamp:
            self.think(10)
            fields = {"empreinte": stamp[1], "exact": EXACT.findall(sent.text)}
            address = f"{path}transmettre/"
            sent = self.send("grille PUI, confirmée", address, fields, expected=(302, 409))
        if sent.status_code == 302:
            self.note_transmission(sent.headers["Location"])


class Machine(Program):
    """The software of a pharmacy."""

    kind, weight = "machines", 4

    @task
    def transmit(self):
        self.think(60)
        lines = [
            {"ucd": code, "stock": stock, "cmj": daily} for code, stock, daily in self.me["lines"]
        ]
        more = self.environment.luck.randint(0, 3)
        lines = [line | {"stock": line["stock"] + more} for line in lines]
        body = {"pui": {"id": self.me["pui"]}, "liste": LIST, "echeance": DUE, "lignes": lines}
        body["confirme"] = [line["ucd"] for line in lines]
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        answer = self.ask(
            "POST",
            "interface, transmission",
            "/api/v1/transmissions",
            (200, 201),
            headers,
            json=body,
        )
        if answer.status_code in (200, 201):
            noted("transmission", answer.json()["numero"])
