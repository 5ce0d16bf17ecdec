"""A flu season, from the pharmacy that asks to the agency that reads and takes the file."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.builders import make_establishment, make_person, make_region
from tests.pui.builders import make_list, make_pui
from tests.vaccines.builders import make_campaign, make_group
from vaccines.services.flu import Asked, send_request

pytestmark = pytest.mark.django_db(transaction=True)
PAST, COMING = "2020-2021", "2021-2022"


@pytest.fixture
def pui(transactional_db):
    make_list("grippe")
    return make_pui("PUI de Combe-Verte", on=make_establishment(name="CH de Combe-Verte"))


@pytest.fixture
def gf(pui):
    return make_person("GF", on=pui.establishment)


@pytest.fixture
def seasons():
    """One vaccinates since a month; the needs of the next are typed for nine days more."""
    today, now = timezone.localdate(), timezone.now()
    return [
        make_campaign(
            PAST,
            starts_on=today - timedelta(days=30),
            ends_on=today + timedelta(days=60),
            needs_open_on=today - timedelta(days=250),
            needs_due_at=now - timedelta(days=200),
        ),
        make_campaign(
            COMING,
            starts_on=today + timedelta(days=300),
            ends_on=today + timedelta(days=400),
            needs_open_on=today - timedelta(days=10),
            needs_due_at=now + timedelta(days=9),
        ),
    ]


@pytest.fixture
def asked_before(seasons, pui, gf):
    """Ninety doses for residents last season, and nothing for the others."""
    residents, _staff = make_group("Résidents"), make_group("Professionnels")
    then = seasons[0].needs_due_at - timedelta(days=3)
    asked = Asked({residents.pk: 90})
    return send_request(by=gf, campaign=seasons[0], pui=pui, asked=asked, now=then)


def deliver(page, doses, reason=""):
    page.get_by_label("Quantité cumulée commandée livrée (doses)").fill(doses)
    page.get_by_label("Motif de la correction").fill(reason)
    page.get_by_role("button", name="Enregistrer").click()


def followed_by_the_agency(page):
    """The whole season, on the screen and in the file."""
    page.goto(reverse("vaccines:flu"))
    line = page.get_by_role("row", name="PUI de Combe-Verte")
    expect(line).to_contain_text("avec un commentaire")
    expect(line).to_contain_text("112")
    axe(page)
    page.get_by_role("link", name=PAST).click()
    expect(line).to_contain_text("60")
    expect(line).to_contain_text("67 %")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    content = download.value.path().read_text(encoding="utf-8-sig")
    assert "PUI de Combe-Verte" in content
    assert "90" in content


@pytest.mark.long
@BOTH_WIDTHS
def test_a_pharmacy_asks_tells_what_came_and_its_agency_follows(open_page, width, gf, asked_before):
    page = open_page(user=gf, width=width)
    page.goto(reverse("vaccines:flu"))
    expect(page.get_by_text("Saison 2020-2021 : 90 doses")).to_be_visible()
    expect(page.get_by_text("rien n’a été demandé")).to_be_visible()
    residents = page.get_by_label("Résidents")
    expect(residents).to_have_value("")
    axe(page)
    residents.fill("100")
    page.get_by_label("Professionnels").fill("12")
    expect(page.get_by_role("status")).to_contain_text("Total : 112 doses")
    page.get_by_label("Commentaire").fill("Un EHPAD de plus.")
    page.get_by_role("button", name="Transmettre la demande").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Accusé de réception")
    axe(page)

    page.goto(f"{reverse('vaccines:flu')}?saison=en-cours")
    deliver(page, "80")
    expect(page.get_by_text("80 doses, saisi le")).to_be_visible()
    page.expected.append("422")
    deliver(page, "60")
    expect(page.get_by_text("dites pourquoi dans le motif")).to_be_visible()
    axe(page)
    deliver(page, "60", "Un carton compté deux fois")
    expect(page.get_by_text("60 doses, saisi le")).to_be_visible()

    followed_by_the_agency(open_page(user=make_person("ARA", on=make_region()), width=width))
