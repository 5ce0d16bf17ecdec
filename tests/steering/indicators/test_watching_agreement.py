"""What is watched each morning: who is late, what is to check, what is in tension."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from common.cover import level
from common.weeks import current_week
from epi_stocks.models import EpiItem, InventoryLine
from epi_stocks.summaries.refresh import refresh_due_weeks
from establishments.models import Establishment
from tests.builders import (
    make_body,
    make_category,
    make_establishment,
    make_line,
    make_person,
    make_region,
)
from tests.epi_stocks.truth import expect
from tests.epi_stocks.visu import FFP2
from tests.pui.api.sending import STOCKS, headers, token_of_body
from tests.pui.region.conftest import now, world  # noqa: F401
from tests.steering.figures.conftest import reference  # noqa: F401
from tests.steering.indicators.reading import (
    READERS,
    agreed,
    key_figure,
    logged_in,
    number,
    told_beside,
    value_of,
)

pytestmark = pytest.mark.django_db
REGION, CODE = "Centre-Val de Loire", "24"
WEEK = current_week()
VISU = reverse("epi_stocks:visu")


@pytest.fixture
def declared():
    """Three of five places of the region declared; one value is unusual, one was confirmed."""
    expect(make_category())
    places = [make_establishment() for _ in range(5)]
    for place, doubts in zip(places, (1, 1 | 8, 0), strict=False):
        make_line(place, WEEK, FFP2, stock=100, daily=10, doubts=doubts)
    refresh_due_weeks()
    return {"equipement": EpiItem.objects.get(pk=FFP2).code, "semaine": f"{WEEK:%Y-%m-%d}"}


def visu_rows(client, table, query):
    return {
        kind: rows_of(client.get(reverse("epi_stocks:visu_file", args=[table, kind]), query))
        for kind, rows_of in READERS.items()
    }


def of_region(rows):
    return next(one for one in rows if one["Région"].startswith(REGION))


def is_told(value):
    return value in (True, 1, "oui", "Oui", "True", "VRAI")


def test_what_is_to_check_is_the_same_on_the_view_and_in_its_files(declared):
    agency = logged_in(make_person("ARA", on=make_region()))
    cell = logged_in(make_person("NAT", domain="epi_stock"))
    doubtful = InventoryLine.objects.filter(week=WEEK, item=FFP2, doubts=1)
    sites = {
        f"sites {kind}": Decimal(sum(is_told(one["À vérifier"]) for one in rows))
        for kind, rows in visu_rows(agency, "etablissements", declared).items()
    }
    places = {
        f"places {kind}": value_of(of_region(rows)["À vérifier"])
        for kind, rows in visu_rows(cell, "territoires", declared).items()
    }
    agreed(
        sites
        | places
        | {
            "function": Decimal(doubtful.count()),
            "agency": told_beside(agency.get(VISU, declared), "a-verifier-epi"),
            "cell": told_beside(cell.get(VISU, declared), "a-verifier-epi"),
        }
    )


def test_who_did_not_declare_is_the_same_on_the_view_in_its_files_and_in_the_situation(declared):
    agency = logged_in(make_person("ARA", on=make_region()))
    cell = logged_in(make_person("NAT", domain="epi_stock"))
    told = InventoryLine.objects.filter(week=WEEK).values("establishment")
    silent = Establishment.objects.exclude(pk__in=told)
    listed = {
        f"list {kind}": Decimal(len(rows))
        for kind, rows in visu_rows(agency, "retards", declared).items()
    }
    places = {
        f"places {kind}": value_of(of_region(rows)["Attendus"])
        - value_of(of_region(rows)["Ont déclaré"])
        for kind, rows in visu_rows(cell, "territoires", declared).items()
    }
    situation = agency.get(reverse("steering:situation")).text
    line = situation[situation.index("Inventaires EPI non reçus") :]
    agreed(
        listed
        | places
        | {
            "function": Decimal(silent.count()),
            "agency": told_beside(agency.get(VISU, declared), "retards-epi"),
            "cell": told_beside(cell.get(VISU, declared), "retards-epi"),
            "situation": value_of(line[line.index("<dd>") : line.index("</strong>")]),
        }
    )


WATCHED = ("CISATRACURIUM", "MIDAZOLAM")


@pytest.fixture
def tense(world):  # noqa: F811
    """One DCI of two is in tension in the region; another, of no priority, is lacking too."""
    world.declare(world.orleans, {world.cis: (50, 10), world.mida: (900, 1), world.other: (0, 5)})
    world.declare(world.bourges, {world.cis: (20, 10), world.mida: (900, 1)})
    world.declare(world.lyon, {world.cis: (900, 1), world.mida: (0, 9)})
    world.refresh()
    return world


def in_tension(sums):
    """By the words of the file, or from sums of stock and of consumption."""
    return Decimal(sum(word in ("rupture", "critique", "tendue") for word in sums))


def class_of(rows):
    sums = [(number(one["stock"]), number(one["cmj"])) for one in rows]
    return level(sum(stock for stock, _ in sums), sum(daily for _, daily in sums)).value


def test_the_molecules_in_tension_are_the_same_everywhere(tense):
    agency = logged_in(make_person("ARA", on=make_region()))
    query = {"lignes": "region", "produits": "dci"}
    files = {
        kind: in_tension(
            one["Classe"].lower()
            for one in rows_of(agency.get(reverse("pui:region_file", args=["stocks", kind]), query))
            if one["DCI"] in WATCHED
        )
        for kind, rows_of in READERS.items()
    }
    token = token_of_body(make_body("national"))
    asked = {"region": CODE}
    rows = Client().get(STOCKS, asked, headers=headers(token, "")).json()["stocks"]
    agreed(
        files
        | {
            "function": Decimal(1),
            "screen": key_figure(agency.get(reverse("pui:region")), "dci-en-tension"),
            "situation": key_figure(agency.get(reverse("steering:situation")), "dci-en-tension"),
            "interface": in_tension(
                class_of([one for one in rows if one["dci"] == name]) for name in WATCHED
            ),
        }
    )
