"""The page of a pharmacy and its example [000], for the tests that open it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.builders import make_establishment
from tests.vaccines.builders import make_line, make_vaccine, make_wave, planned
from vaccines.models import Reception, SupplyLine

PAGE = "/dispostock/vaccins/covid/approvisionnement/"
GTIN = "03400930000120"
TODAY = timezone.localdate()


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def shown(answer):
    """What the forms of the page would send back untouched."""
    data = {}
    for block in answer.context["blocks"]:
        for row in block.rows:
            for form in (row.need_form, row.reception_form, row.vaccinated_form):
                for bound in form or ():
                    value = bound.value()
                    if value is not None and value is not False:
                        data[bound.html_name] = f"{value}"
    return data


@pytest.fixture
def vaccine():
    return make_vaccine(gtin=GTIN)


@pytest.fixture
def lines(pui, tilleuls, vaccine):
    """Les Tilleuls: received, then a need to type; Bel-Air: a reception to type."""
    first = make_line(
        make_wave(TODAY - timedelta(days=9), vaccine=vaccine), pui=pui, recipient=tilleuls
    )
    first.first_doses, first.second_doses, first.vaccinated = 66, 0, 72
    planned(first, 66, first.wave.delivers_on)
    Reception.objects.create(
        line=first, received_on=first.wave.delivers_on, doses=66, told_by=first.planned_by
    )
    SupplyLine.objects.filter(pk=first.pk).update(received_whole_at=timezone.now())
    second = make_line(
        make_wave(TODAY + timedelta(days=12), vaccine=vaccine), pui=pui, recipient=tilleuls
    )
    uslds = make_establishment(name="USLD Bel-Air")
    awaited = make_line(make_wave(TODAY, vaccine=vaccine), pui=pui, recipient=uslds)
    awaited.first_doses, awaited.second_doses = 40, 0
    planned(awaited, 40, TODAY)
    return first, second, awaited
