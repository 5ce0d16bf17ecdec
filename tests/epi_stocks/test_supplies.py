"""What orders bring stands beside the grid: a person takes it or not, nothing writes itself."""

import pytest
from django.test import Client
from django.urls import reverse

from common.weeks import current_week, shift
from epi_stocks.models import CentralCoverage, ExpectedSupply, InventoryLine
from epi_stocks.services.supplies import Announced, announce_supplies
from tests.builders import make_establishment, make_person
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
MASKS, GLOVES = 1, 4
WEEK = current_week()


@pytest.fixture
def client(person):
    found = Client()
    found.force_login(person)
    return found


def announce(site, *lines, source="commande C-2026-000123", week=WEEK):
    """``lines`` are (item, units, whether they came)."""
    announce_supplies(
        source=source,
        site=site,
        announced=[Announced(week, item, units, came) for item, units, came in lines],
    )


def page(site, week=WEEK):
    return reverse("epi_stocks:inventory", args=[site.finess, week])


def take(client, site, item="tout", **seen):
    return client.post(
        reverse("epi_stocks:inventory_supply", args=[site.finess, WEEK]),
        {"item": item} | {f"vu-{name[1:]}": value for name, value in seen.items()},
        follow=True,
    )


def supply(site, item=MASKS):
    lines = InventoryLine.objects.filter(week=WEEK, establishment=site, item=item)
    return lines.values_list("supply", flat=True).first()


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_what_came_and_what_will_come_is_proposed_and_never_written(client, place):
    announce(place, (MASKS, 600, True), (MASKS, 300, False), (GLOVES, 100, False))
    answer = client.get(page(place))
    assert_sound_html(answer)
    text = text_of(answer)
    assert "900, dont 600 reçus" in text
    assert "commande C-2026-000123" in text
    assert "100 attendus" in text
    assert supply(place) is None


def test_one_button_takes_one_item_another_takes_them_all(client, place):
    announce(place, (MASKS, 600, True), (GLOVES, 100, False))
    assert "1 approvisionnement repris" in text_of(take(client, place, str(MASKS)))
    assert (supply(place), supply(place, GLOVES)) == (600, None)
    take(client, place)
    assert supply(place, GLOVES) == 100
    assert "Il n’y a plus rien à reprendre." in text_of(take(client, place))


def test_a_colleague_typed_meanwhile_their_value_stays_and_is_told(client, place):
    announce(place, (MASKS, 600, True))
    colleague = Client()
    colleague.force_login(make_person("OIE", on=place))
    colleague.post(page(place), {"1-supply": "50", "vu": ""})
    assert supply(place) == 50
    answer = take(client, place)
    assert supply(place) == 50
    assert "50" in text_of(answer)
    take(client, place, v1="50")
    assert supply(place) == 600


def test_told_again_it_replaces_itself_and_another_week_keeps_its_own(client, place):
    announce(place, (MASKS, 600, False))
    announce(place, (MASKS, 40, False), week=shift(WEEK, -1), source="commande C-2026-000001")
    announce(place, (MASKS, 580, True))
    assert "580 reçus" in text_of(client.get(page(place)))
    assert ExpectedSupply.objects.count() == 2
    announce(place)
    assert "Livraisons de la semaine" not in text_of(client.get(page(place)))


def test_for_a_covered_site_it_shows_where_its_stock_is_counted(client, place):
    covered = make_establishment(legal_entity=place.legal_entity)
    CentralCoverage.objects.create(declaring=place, covered=covered, first_week=WEEK)
    announce(covered, (MASKS, 600, True))
    assert "600 reçus" in text_of(client.get(page(place)))


def test_gloves_typed_by_size_are_told_without_a_button(client, place):
    announce(place, (GLOVES, 100, True))
    client.post(page(place), {"401-stock": "10", "vu": ""})
    text = text_of(client.get(page(place), {"gants": "medicaux"}))
    assert "100 reçus" in text
    assert 'name="item" value="4"' not in text


def test_somebody_else_takes_nothing(place):
    announce(place, (MASKS, 600, True))
    for code, status in (("APE", 403), ("USR", 403)):
        reader = Client()
        reader.force_login(make_person(code, on=place))
        assert take(reader, place).status_code == status
    stranger = Client()
    stranger.force_login(make_person("OIE"))
    assert take(stranger, place).status_code == 404
    assert supply(place) is None
