"""The opening of a tension: the notice is out, everybody orders the same product at once.

Each buyer logs in, reads the notice on the home page, opens the catalogue, and orders a pack, once,
by a double click; when there is none left, they are told so and leave. Readers watch the dashboard
of the orders meanwhile, and the warehouse asks for its files by the interface.
"""

import uuid

from locust import task
from locust.exception import StopUser

from tests.load.scenarios.person import PEOPLE, Person, Program, noted
from tests.load.scenarios.reading import Reader

SCARCE = PEOPLE["scarce"]
NOTHING_LEFT = (409, 422)


class Buyer(Person):
    kind, weight = "buyers", 90

    @task
    def order(self):
        self.look("catalogue", "/distrilog/catalogue/")
        self.think(20)
        self.look("panier", "/distrilog/panier/")
        self.think(15)
        token = str(uuid.uuid4())
        fields = {
            f"produit-{SCARCE['product']}": SCARCE["pack"],
            "adresse": self.me["address"],
            "contact": "Hélène Vasseur",
            "telephone": "02 00 00 02 10",
            "jeton": token,
            "vue": "",
            "action": "transmettre",
        }
        answers = [  # the second is the double click: the same order
            self.send("commande", "/distrilog/panier/", fields, expected=(302, *NOTHING_LEFT))
            for _ in range(2)
        ]
        done = [answer for answer in answers if answer.status_code == 302]
        if done:
            noted("order", token, SCARCE["pack"])
            self.look("commande transmise", done[-1].headers["Location"])
        elif all(answer.status_code in NOTHING_LEFT for answer in answers):
            noted("refused", token)  # without an answer, one does not know
        raise StopUser


class Watcher(Reader):
    weight = 8
    pages = (
        ("tableau commandes", "/distrilog/tableaux/"),
        ("liste des commandes", "/distrilog/commandes/"),
        ("alertes", "/alertes/"),
    )


class Warehouse(Program):
    """Its software asks every little while whether a file of orders is there."""

    kind, weight = "warehouses", 2

    @task
    def fetch(self):
        self.think(30)
        self.ask("GET", "interface, fichiers", "/api/v1/logistique/fichiers", (200,))
