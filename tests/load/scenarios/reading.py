"""An agency or the national cell reads: figures, then lists, then alerts."""

from locust import task

from tests.load.scenarios.person import Person

PAGES = (
    ("tableau EPI", "/epi-stocks/visu/"),
    ("liste EPI", "/epi-stocks/visu/?liste=equipements&page=20"),
    ("tableau médicaments", "/dispostock/region/"),
    ("liste médicaments, retards", "/dispostock/region/retards/"),
    ("tableau commandes", "/distrilog/tableaux/"),
    ("liste des commandes", "/distrilog/commandes/"),
    ("alertes", "/alertes/"),
    ("accueil", "/"),
)


class Reader(Person):
    kind = "readers"
    pages = PAGES

    @task
    def read(self):
        for name, path in self.pages:
            self.think(12)
            self.look(f"{name}, {self.me['place']}", path)
