"""The figures of usage: their page, their file, and the pages that show the same."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Profile
from common.numbers import percent
from common.weeks import current_week, shift
from epi_stocks.models import EpiItem, InventoryLine
from epi_stocks.summaries.refresh import refresh_due_weeks
from establishments.models import Establishment
from steering.services.statistics import keep_statistics
from tests.builders import make_line, make_person
from tests.epi_stocks.visu import FFP2
from tests.steering.figures.conftest import (
    country,  # noqa: F401
    own_files,  # noqa: F401
    reference,  # noqa: F401
)
from tests.steering.indicators.reading import agreed, key_figure, logged_in, value_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def usage(country):  # noqa: F811
    """A week that is over, with places that declared nothing; counted."""
    past = shift(current_week(), -1)
    for site in Establishment.objects.order_by("pk")[:9]:
        make_line(site, past, FFP2, stock=1, daily=1)
    refresh_due_weeks()
    keep_statistics()
    return past


def stats_line(name):
    header, *lines = Client().get(reverse("steering:stats_file")).text.splitlines()
    at = header.lstrip("\ufeff").split(";").index("statistique")
    return value_of(next(line for line in lines if line.split(";")[at] == name).split(";")[-1])


USAGE = {  # the name of the figure in the file; the truth
    "etablissements-declarants": (
        "etablissements-declarants",
        lambda: InventoryLine.objects.values("establishment").distinct().count(),
    ),
    "pui-declarantes": ("pui-declarantes", lambda: 0),
    "commandes-transmises": ("commandes", lambda: 0),
    "depannages-menes": ("depannages", lambda: 0),
    "etablissements-relies": (
        "etablissements-relies",
        lambda: Profile.objects.values("establishment").distinct().count(),
    ),
    "taux-declaration-epi": (
        "taux-inventaires",
        lambda: percent(9, Establishment.objects.count()),
    ),
}


@pytest.mark.parametrize("slug", USAGE)
def test_a_figure_of_usage_is_the_same_on_its_page_and_in_its_file(usage, slug):
    name, truth = USAGE[slug]
    page = Client().get(reverse("steering:stats"))
    agreed(
        {
            "function": Decimal(truth()),
            "screen": key_figure(page, slug),
            "file": stats_line(name),
        }
    )


def test_the_rate_of_the_usage_page_is_that_of_the_view_of_that_week(usage):
    client = logged_in(make_person("NAT", domain="epi_stock"))
    item = EpiItem.objects.get(pk=FFP2)
    query = {"equipement": item.code, "semaine": f"{usage:%Y-%m-%d}"}
    agreed(
        {
            "usage": key_figure(Client().get(reverse("steering:stats")), "taux-declaration-epi"),
            "view": key_figure(
                client.get(reverse("epi_stocks:visu"), query), "taux-declaration-epi"
            ),
        }
    )
