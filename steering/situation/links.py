"""Where each part, figure and place of a situation leads: its own page, on the same territory."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from django.urls import resolve, reverse

from accounts.models import User
from epi_stocks.aid.trade import EQUIPMENT
from establishments.models import Region
from establishments.perimeter import Action
from pui.aid.trade import MEDICINES
from steering.models import AlertDomain
from steering.situation.territory import Reader, Territory

UNDER_WAY = {"saison": "en-cours"}


def links_for(user: User, territory: Territory) -> dict[str, tuple[str, str]]:
    """Those of the parts that one opens."""
    found = part_links(territory).items()
    return {key: link for key, link in found if may_open(user, link[0])}


def measure_links_for(user: User, territory: Territory) -> dict[str, str]:
    found = measure_links(territory).items()
    return {key: address for key, address in found if may_open(user, address)}


def part_links(territory: Territory) -> dict[str, tuple[str, str]]:
    """The page of a part, and what its link says."""
    region = {"region": territory.region.code} if territory.region else {}
    return {
        "equipment": (_address("epi_stocks:visu", region), "La vue en temps réel"),
        "medicines": (_address("pui:region", region), "Stocks de médicaments"),
        "vaccines": (_address("vaccines:flu", UNDER_WAY | region), "Campagne grippe"),
        "orders": (_address("orders:dashboard", region), "Tableau de bord des commandes"),
        **{f"alerts_{one.value}": _alerts(territory) for one in AlertDomain},
        "orders_aid": (_address("orders:relief", region), "Demandes de dépannage"),
        "medicines_aid": (
            _address("aid", {"onglet": MEDICINES.key} | region),
            "Entraide, médicaments",
        ),
        "equipment_aid": (
            _address("aid", {"onglet": EQUIPMENT.key} | region),
            "Entraide, équipements",
        ),
    }


def measure_links(territory: Territory) -> dict[str, str]:
    """Of the figures whose list is another page than that of their part."""
    region = {"region": territory.region.code} if territory.region else {}
    return {
        "equipment.missing": f"{_address('epi_stocks:visu', region)}#retards",
        "medicines.late": _address("pui:late", region),
        "medicines_aid.asked": _address("pui:help", region),
        "vaccines.flu_delivered": _address("vaccines:flu", UNDER_WAY | region),
        "vaccines.flu_asked": _address("vaccines:flu", region),
        "vaccines.covid_received": _address("vaccines:coverage", region),
        "vaccines.covid_vaccinated": _address("vaccines:coverage", region),
        "vaccines.covid_late": _address("vaccines:followed", {"retard": "on"} | region),
    }


def may_open(user: User, address: str) -> bool:
    """Whether a page is for somebody, as its route declares: one reads the count of requests for
    help, not always their list."""
    access = resolve(urlsplit(address).path).func.access  # type: ignore[attr-defined]
    return not access.actions or any(user.may(action) for action in access.actions)


def place_links(reader: Reader, territory: Territory) -> Mapping[str, str]:
    """A region of the country leads to its own situation, a department to its own figures."""
    if territory.is_country:
        codes = Region.objects.values_list("code", flat=True)
        return {code: reverse("steering:situation_of", args=[code]) for code in codes}
    name = "epi_stocks:visu" if reader.may(Action.DASH_EPI) else "pui:region"
    if not reader.may(Action.DASH_EPI) and not reader.may(Action.DASH_MED):
        return {}
    region = {"region": territory.region.code} if territory.region else {}
    several = len(territory.departments) > 1
    return {
        one.code: _address(name, region | ({"departement": one.code} if several else {}))
        for one in territory.departments
    }


def _alerts(territory: Territory) -> tuple[str, str]:
    """Of the country, every alert: its own alone are another question."""
    query = {"territoire": territory.region.code} if territory.region else {}
    return _address("steering:alerts", query), "Voir les alertes"


def _address(name: str, query: Mapping[str, str]) -> str:
    address = reverse(name)
    return f"{address}?{urlencode(query)}" if query else address
