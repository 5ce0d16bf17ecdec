"""A closed due day opens again for one pharmacy: its ARS or the nation, a day, a reason."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from medications.calendar import calendar_of
from pui.models import Reopening
from pui.services.reopening import (
    LONGEST,
    ReopeningError,
    end_reopening,
    reopen_due_day,
    reopenings_of,
)
from pui.services.storing import StoringError
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_followed, make_pui, make_transmission

pytestmark = pytest.mark.django_db


@pytest.fixture
def ars(pui):
    return make_person("ARA", on=pui.establishment.region)


@pytest.fixture
def closed(autres):
    """The last due day that closed."""
    calendar = calendar_of(autres)
    return calendar.last_due(calendar.open_periods(timezone.localtime())[0].due_on)


@pytest.fixture
def reopen(pui, ars, autres, closed):
    def done(**changes):
        asked = {
            "by": ars,
            "pui": pui,
            "monitored_list": autres,
            "due_on": closed,
            "reason": "panne du logiciel",
            "until": timezone.now() + timedelta(days=2),
        }
        return reopen_due_day(**asked | changes)

    return done


def test_a_closed_due_day_is_stored_only_once_reopened(reopen, pui, closed):
    gf, product = make_person("GF", on=pui.establishment), make_followed()
    with pytest.raises(StoringError, match="n’est pas ouverte"):
        make_transmission(pui, {product: (1, 1)}, by=gf, due_on=closed)
    reopen()
    assert make_transmission(pui, {product: (1, 1)}, by=gf, due_on=closed).confirmed_at


def test_the_journal_says_who_reopened_what_and_why(reopen, ars, closed):
    reopen()
    entry = Entry.objects.get(verb="pui.due_day_reopened")
    assert (entry.details["due"], entry.details["reason"]) == (
        closed.isoformat(),
        "panne du logiciel",
    )


def test_reopening_again_moves_the_end(reopen, pui, autres):
    reopen()
    later = timezone.now() + timedelta(days=9)
    reopen(until=later)
    assert [one.until for one in reopenings_of(pui, autres, timezone.now())] == [later]


def test_it_is_closed_at_once_when_asked(reopen, ars, pui, autres):
    row = reopen()
    assert end_reopening(by=ars, reopening=row)
    assert reopenings_of(pui, autres, timezone.now()) == []
    assert not end_reopening(by=ars, reopening=row)
    assert Entry.objects.filter(verb="pui.reopening_ended").count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": "  x "}, "motif"),
        ({"until": timezone.now() - timedelta(hours=1)}, "31 jours"),
        ({"until": timezone.now() + LONGEST + timedelta(days=1)}, "31 jours"),
    ],
)
def test_it_needs_a_reason_and_an_end(reopen, changes, told):
    with pytest.raises(ReopeningError, match=told):
        reopen(**changes)


def test_a_due_day_still_open_or_that_is_none_is_not_reopened(reopen, autres, closed):
    still_open = calendar_of(autres).open_periods(timezone.localtime())[0].due_on
    with pytest.raises(ReopeningError, match="n’est pas close"):
        reopen(due_on=still_open)
    with pytest.raises(ReopeningError, match="Aucune déclaration"):
        reopen(due_on=closed + timedelta(days=1))


def test_a_pharmacy_that_is_closed_is_not_reopened_this_way(reopen, pui, closed):
    pui.closed_on = timezone.localdate()
    pui.save()
    with pytest.raises(ReopeningError, match="fermée"):
        reopen()


def test_only_the_ars_of_the_region_and_the_nation_reopen(reopen, pui):
    elsewhere = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    for person in (
        make_person("GF", on=pui.establishment),
        make_person("ARA", on=elsewhere.region),
    ):
        with pytest.raises(ReopeningError, match="ARS de la région"):
            reopen(by=person)
    assert reopen(by=make_person("NAT", domain="dispostock"))


def test_the_page_offers_the_closed_due_days_and_reopens_one(client, ars, pui, closed):
    client.force_login(ars)
    address = reverse("pui:transmission_reopen", kwargs={"slug": "autres", "pk": pui.pk})
    shown = client.get(address)
    assert_sound_html(shown)
    assert f'value="{closed.isoformat()}"' in shown.text
    assert client.post(address, {"due_on": closed}).status_code == 422
    last_day = timezone.localdate() + timedelta(days=2)
    asked = {"due_on": closed, "last_day": last_day, "reason": "panne du logiciel"}
    assert client.post(address, asked).status_code == 302
    reopening = Reopening.objects.get()
    again = client.get(address)
    assert_sound_html(again)
    assert "panne du logiciel" in again.text
    client.post(address, {"clore": reopening.pk})
    assert "panne du logiciel" not in client.get(address).text


def test_the_page_of_another_region_does_not_exist(client, autres):
    there = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    far = make_pui(on=make_establishment(department=there))
    client.force_login(make_person("ARA"))
    address = reverse("pui:transmission_reopen", kwargs={"slug": "autres", "pk": far.pk})
    assert client.get(address).status_code == 404
