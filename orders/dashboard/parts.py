"""The parts of a dashboard: the essential first, then what each figure is made of."""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from orders.logistics.tabs import Tab


@dataclass(frozen=True, slots=True)
class Part:
    """One page of the dashboard; ``tables``: those that it shows, in order."""

    ident: str
    label: str
    tables: tuple[str, ...] = ()


ESSENTIAL = Part("", "L’essentiel")
PARTS = (
    ESSENTIAL,
    Part("contingents", "Contingents", ("territoires", "equipements", "categories", "semaines")),
    Part("livraisons", "Commandes et délais", ("etats", "delais")),
    Part("stock", "Stock de l’État", ("stock",)),
)
PART_OF_FIGURE = {
    "utilise": "contingents#territoires",
    "non-servi": "contingents#equipements",
    "en-cours": "livraisons#etats",
    "delai": "livraisons#delais",
    "stock": "stock#stock",
    "palettes": "stock#stock",
}


def part_asked(name: str) -> Part:
    """One that does not exist is the first."""
    return next((one for one in PARTS if one.ident == name), ESSENTIAL)


@dataclass(frozen=True)
class Links:
    """Addresses of the parts, the filters of the page kept."""

    asked: QueryDict

    def to(self, place: str, **changed: str) -> str:
        """``place`` is a part, with its anchor: « contingents#territoires »."""
        part, _, anchor = place.partition("#")
        query = self.filters(**changed)
        if part:
            query["vue"] = part
        words = f"?{query.urlencode()}" if query else ""
        return f"{reverse('orders:dashboard')}{words}" + (f"#{anchor}" if anchor else "")

    def filters(self, **changed: str) -> QueryDict:
        """Without the part: what a file of the page is asked with."""
        query = self.asked.copy()
        query.pop("vue", None)
        for name, value in changed.items():
            query[name] = value
        return query

    def tabs(self, current: Part) -> list[Tab]:
        return [Tab(one.label, self.to(one.ident), one is current) for one in PARTS]

    def of_figure(self, ident: str) -> str:
        place = PART_OF_FIGURE.get(ident)
        return self.to(place) if place else ""
