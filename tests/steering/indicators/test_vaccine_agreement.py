"""Vaccines: the figures of a flu season and of the COVID-19 lines, wherever they are read."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from django.urls import reverse

from common.numbers import percent
from pui.models import Pui
from steering.services.open_data import publish_datasets
from tests.builders import make_establishment, make_person, make_user
from tests.pui.builders import make_pui
from tests.steering.figures.conftest import own_files, reference  # noqa: F401
from tests.steering.indicators.reading import (
    READERS,
    agreed,
    api_line,
    csv_rows,
    key_figure,
    logged_in,
    number,
    open_line,
    table_cell,
    told_beside,
    value_of,
)
from tests.vaccines.builders import make_line, planned
from tests.vaccines.corrections.conftest import country, two  # noqa: F401
from tests.vaccines.flu.conftest import world  # noqa: F401
from vaccines.models import DeliveredDoses, FluNeed, FluRequest, Reception, SupplyLine

pytestmark = pytest.mark.django_db
WHOLE, LOIRET, CENTRE = "Ensemble", "Loiret", "24"


@pytest.fixture
def season(world):  # noqa: F811
    """Two of three pharmacies asked for the campaign under way; one told what came."""
    before = {"campaign": world.past, "now": world.before}
    world.ask(world.orleans, 120, 30, **before)
    world.ask(world.lyon, 200, **before)
    world.ask(world.orleans, 999)
    world.tell(world.orleans, 60)
    world.tell(world.lyon, 150)
    return world


def needs():
    told = FluNeed.objects.filter(request__campaign__season="2020-2021")
    return told.aggregate(sum=Sum("doses"))["sum"]


def delivered():
    return DeliveredDoses.objects.aggregate(sum=Sum("doses"))["sum"]


def asked():
    made = FluRequest.objects.filter(campaign__season="2020-2021").count()
    return percent(made, Pui.objects.count())


def of_two(told):
    """« 2 sur 3 », as a percent."""
    return Decimal(percent(*map(int, told.split(" sur "))))


FLU = {  # the heading of the file, how it reads, the truth
    "demandes-grippe": ("Demandes faites", of_two, asked),
    "besoin-grippe": ("Besoin", value_of, needs),
    "quantite-cumulee-livree": ("Livré", value_of, delivered),
}


@pytest.mark.parametrize("slug", FLU)
def test_a_figure_of_a_flu_season_is_the_same_on_its_page_and_in_its_files(season, slug):
    heading, read, truth = FLU[slug]
    client = logged_in(season.cell)
    query = {"saison": "2020-2021", "lignes": "region"}
    files = {
        kind: rows_of(client.get(reverse("vaccines:flu_file", args=[kind]), query))
        for kind, rows_of in READERS.items()
    }
    agreed(
        {
            "function": Decimal(truth()),
            "screen": key_figure(client.get(reverse("vaccines:flu"), query), slug),
            "csv": read(files["csv"][0][heading]),
            "xlsx": read(files["xlsx"][0][heading]),
        }
    )
    assert files["csv"][0]["Région"].startswith(WHOLE)


def test_the_part_of_the_need_that_came_is_the_same_in_the_situation(season):
    client = logged_in(season.cell)
    query = {"saison": "2020-2021", "lignes": "region"}
    found = {
        kind: value_of(
            rows_of(client.get(reverse("vaccines:flu_file", args=[kind]), query))[0][
                "Part du besoin"
            ]
        )
        for kind, rows_of in READERS.items()
    }
    situation = client.get(reverse("steering:situation")).text
    told = situation[situation.index("livré du besoin") :]
    agreed(
        found
        | {
            "function": Decimal(percent(delivered(), needs())),
            "situation": value_of(told[told.index("<dd>") : told.index("</strong>")]),
        }
    )


def receive(line, doses):
    day = line.wave.delivers_on
    Reception.objects.create(line=line, doses=doses, received_on=day, told_by=make_user())


@pytest.fixture
def supplied(two):  # noqa: F811
    """The example of the guide, received and vaccinated; and a line of another region."""
    planned(two.one, 66, two.first.delivers_on)
    receive(two.one, 60)
    receive(two.one, 6)
    SupplyLine.objects.filter(pk=two.one.pk).update(vaccinated=72)
    make_line(two.first, pui=two.lyon, recipient=two.lyonnais, first_doses=13, second_doses=0)
    return two


def of_loiret(field):
    rows = SupplyLine.objects.filter(recipient__department="45", removed_at__isnull=True)
    return rows.aggregate(sum=Sum(field))["sum"]


COVID = {  # the heading of the file; the truth
    "doses-recues": (
        "Doses reçues",
        lambda: Reception.objects.filter(line__recipient__department="45").aggregate(
            sum=Sum("doses")
        )["sum"],
    ),
    "premieres-injections": (
        "Couverture, 1res injections",
        lambda: percent(of_loiret("vaccinated"), of_loiret("first_doses")),
    ),
    "rappels": (
        "Couverture, 2es injections",
        lambda: percent(of_loiret("second_doses"), of_loiret("vaccinated")),
    ),
}


@pytest.mark.parametrize("slug", COVID)
def test_a_figure_of_covid_lines_is_the_same_on_its_page_and_in_its_files(supplied, slug):
    heading, truth = COVID[slug]
    client = logged_in(supplied.agent)
    files = {
        kind: next(
            value_of(row[heading])
            for row in rows_of(client.get(reverse("vaccines:coverage_file", args=[kind])))
            if row["Département"].startswith(LOIRET)
        )
        for kind, rows_of in READERS.items()
    }
    page = client.get(reverse("vaccines:coverage"))
    agreed(files | {"function": Decimal(truth()), "screen": table_cell(page, slug, LOIRET)})


def test_doses_received_are_those_of_the_lines(supplied):
    client = logged_in(supplied.agent)
    page = client.get(reverse("vaccines:coverage"))
    lines = {
        kind: sum(
            value_of(row["Reçu"])
            for row in rows_of(client.get(reverse("vaccines:lines_file", args=[kind])))
            if row["Reçu"] not in (None, "") and row["Département"].startswith(LOIRET)
        )
        for kind, rows_of in READERS.items()
    }
    agreed(lines | {"coverage": table_cell(page, "doses-recues", LOIRET)})


def test_doses_received_are_those_of_the_open_data(supplied):
    """Six other entities in the same month, so that the region is no secret."""
    for rank in range(6):
        pharmacy = make_pui(f"PUI {rank}", on=make_establishment())
        home = make_establishment(pharmacy.establishment.legal_entity)
        line = make_line(supplied.first, pui=pharmacy, recipient=home, first_doses=90)
        receive(line, 80)
    publish_datasets()
    rows = csv_rows(logged_in(supplied.agent).get(reverse("vaccines:lines_file", args=["csv"])))
    received = Reception.objects.filter(line__pui__establishment__region=CENTRE)
    agreed(
        {
            "function": Decimal(received.aggregate(sum=Sum("doses"))["sum"]),
            "csv": sum(value_of(one["Reçu"]) for one in rows if one["Reçu"]),
            "open data": number(open_line("vaccins-recus", region=CENTRE)["doses"]),
            "interface": number(api_line("vaccins-recus", region=CENTRE)["doses"]),
        }
    )


def test_doses_and_vials_are_the_same_on_the_wave_and_in_its_files(supplied):
    """66 and 13 doses in vials of six: eleven and three vials, each recipient for itself."""
    client = logged_in(make_person("SPF", domain="dispostock"))
    page = client.get(reverse("vaccines:wave", args=[supplied.first.pk]))
    rows = {
        kind: rows_of(client.get(reverse("vaccines:wave_file", args=[supplied.first.pk, kind])))
        for kind, rows_of in READERS.items()
    }
    agreed(
        {kind: sum(value_of(one["Total des doses"]) for one in told) for kind, told in rows.items()}
        | {"function": Decimal(79), "screen": told_beside(page, "doses-flacons", "Doses")}
    )
    agreed(
        {kind: sum(value_of(one["Flacons"]) for one in told) for kind, told in rows.items()}
        | {"function": Decimal(14), "screen": told_beside(page, "doses-flacons", "Flacons")}
    )
