"""What changed, on the home page and on its own, from one visit to the next."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from config.news import SHOWN
from journal.services import record
from steering.models import Visit
from tests.builders import (
    make_establishment,
    make_user,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_establishment(name="Hôpital Saint-Aubin")


def pui_validated(place, by=None):
    record("pui.onboarding_line_validated", by=by, target="PUI de la Rive", place=place)


def visited(client, ago):
    user = client.user
    at = timezone.now() - ago
    Visit.objects.create(
        user=user, profile=user.active_profile, session=0, day=timezone.localdate(at), seen_at=at
    )


def test_the_home_says_since_when_and_keeps_its_list_when_reloaded(client_for, site):
    client = client_for("GF", on=site)
    visited(client, timedelta(days=11))
    pui_validated(site)
    day = timezone.localdate() - timedelta(days=11)
    for _ in range(3):
        response = client.get("/")
        assert_sound_html(response)
        page = response.content.decode()
        assert f"Ce qui a changé depuis votre visite du {day:%d/%m}" in page
        assert "PUI de la Rive" in page


def test_at_the_next_visit_what_was_read_is_no_longer_new(client_for, site):
    client = client_for("GF", on=site)
    pui_validated(site)
    assert "PUI de la Rive" in client.get("/").content.decode()
    client.logout()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        client.force_login(client.user)
        page = client.get("/").content.decode()
    assert "PUI de la Rive" not in page
    assert "Rien de ce qui vous concerne" in page


def test_four_are_shown_and_the_page_of_all_has_the_others(client_for, site):
    client = client_for("GF", on=site)
    for number in range(60):
        record("pui.described", by=None, target=f"PUI numéro {number}", place=site)
    page = client.get("/").content.decode()
    assert "Voir tout (60)" in page
    assert page.count("PUI numéro") == SHOWN
    first = client.get(reverse("changes"))
    assert_sound_html(first)
    assert "PUI numéro 59" in first.content.decode()
    assert "PUI numéro 3<" not in first.content.decode()
    assert "PUI numéro 3<" in client.get(reverse("changes"), {"page": 2}).content.decode()


@pytest.mark.parametrize("asked", ["0", "-1", "dix", "999"])
def test_a_page_that_is_none_shows_one_that_is(client_for, site, asked):
    client = client_for("GF", on=site)
    assert client.get(reverse("changes"), {"page": asked}).status_code == 200


def test_without_a_profile_the_page_says_what_to_do(client):
    client.force_login(make_user())
    response = client.get(reverse("changes"))
    assert_sound_html(response)
    assert "Choisissez d’abord un profil" in response.content.decode()
