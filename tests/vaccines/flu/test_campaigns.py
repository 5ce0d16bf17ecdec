"""The national cell opens seasons, changes their dates, says for whom doses are asked."""

import io
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.weeks import PARIS
from journal.models import Entry
from medications.services.settings import ChangedMeanwhileError, SettingsError
from tests.html_rules import assert_sound_html
from tests.locks import before_another
from tests.vaccines.flu.conftest import person
from vaccines.models import FluCampaign, TargetGroup
from vaccines.services.flu_campaigns import (
    Season,
    add_group,
    campaign_state,
    change_campaign,
    open_campaign,
    propose_group,
)
from vaccines.services.reference import load_target_groups

pytestmark = pytest.mark.django_db


def season(year=2031, **more):
    typed = {
        "season": f"{year}-{year + 1}",
        "starts_on": date(year, 10, 1),
        "ends_on": date(year + 1, 2, 28),
        "needs_open_on": date(year, 2, 2),
        "needs_due_at": datetime(year, 3, 31, 18, tzinfo=PARIS),
    }
    return Season(**typed | more)


def fields(year=2031, **more):
    return {
        "season": f"{year}-{year + 1}",
        "needs_open_on": f"{year}-02-02",
        "needs_due_on": f"{year}-03-31",
        "needs_due_hour": "18:00",
        "starts_on": f"{year}-10-01",
        "ends_on": f"{year + 1}-02-28",
    } | more


@pytest.fixture
def cell(world):
    client = Client()
    client.force_login(world.cell)
    return client


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_a_season_is_read_before_it_is_opened(world, cell):
    address = reverse("vaccines:flu_campaign_new")
    assert_sound_html(cell.get(address))
    answer = cell.post(address, fields())
    text = text_of(answer)
    assert_sound_html(answer)
    assert "3 PUI sont concernées" in text
    assert "du 02/02/2031 au 31/03/2031 à 18 h" in text
    assert not FluCampaign.objects.filter(season="2031-2032").exists()
    cell.post(address, fields(confirmer="oui"))
    assert FluCampaign.objects.get(season="2031-2032").starts_on == date(2031, 10, 1)
    twice = cell.post(address, fields(confirmer="oui"))
    assert twice.status_code == 422
    assert FluCampaign.objects.filter(season="2031-2032").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"season": "2031"}, "deux années de suite"),
        ({"season": "2031-2033"}, "deux années de suite"),
        ({"ends_on": "2031-09-01"}, "finit avant de commencer"),
        ({"needs_due_on": "2031-01-01"}, "se ferment avant de s’ouvrir"),
    ],
)
def test_dates_that_cannot_be_are_refused_in_words(world, cell, typed, said):
    answer = cell.post(reverse("vaccines:flu_campaign_new"), fields(**typed))
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_two_seasons_never_cover_the_same_day(world):
    open_campaign(by=world.cell, typed=season())
    with pytest.raises(SettingsError, match="Une autre campagne couvre déjà ces jours"):
        open_campaign(by=world.cell, typed=season(season="2032-2033", ends_on=date(2031, 11, 1)))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_open_the_same_season_open_one(world):
    def second():
        open_campaign(by=world.cell, typed=season())

    with before_another(second, refused=SettingsError) as refusals:
        open_campaign(by=world.cell, typed=season())
    assert len(refusals) == 1
    assert FluCampaign.objects.filter(season="2031-2032").count() == 1


def test_a_deadline_put_back_opens_the_requests_again_and_keeps_those_made(world, cell):
    row = world.ask(world.orleans, 120)
    world.close()
    address = reverse("vaccines:flu_campaign", args=[world.coming.pk])
    kept = cell.get(address).context["form"].initial
    names = ("season", "needs_open_on", "starts_on", "ends_on")
    sent = {name: str(kept[name]) for name in names}
    later = timezone.localdate() + timedelta(days=5)
    sent |= {"needs_due_on": later.isoformat(), "needs_due_hour": "12:00"}
    answer = cell.post(address, sent)
    text = text_of(answer)
    assert_sound_html(answer)
    assert "Demandes déjà faites : 1. Elles restent." in text
    seen = answer.context["seen"]
    world.coming.ends_on += timedelta(days=1)
    world.coming.save()
    stale = cell.post(address, sent | {"seen": seen, "confirmer": "oui"})
    assert stale.status_code == 409
    world.coming.refresh_from_db()
    assert world.coming.needs_due_at < timezone.now()
    now_seen = campaign_state(world.coming)
    cell.post(address, sent | {"seen": now_seen, "confirmer": "oui"})
    assert world.again(row, 150).needs.get().doses == 150


def test_what_is_the_same_is_not_a_change(world):
    with pytest.raises(SettingsError, match="Rien ne change"):
        change_campaign(by=world.cell, campaign=world.coming, typed=Season.of(world.coming))


def test_a_group_is_added_stopped_and_proposed_again(world, cell):
    address = reverse("vaccines:flu_group_new")
    assert "3 PUI sont concernées" in text_of(cell.post(address, {"label": "Bénévoles"}))
    cell.post(address, {"label": "Bénévoles", "confirmer": "oui"})
    group = TargetGroup.objects.get(label="Bénévoles")
    assert group == TargetGroup.objects.last()
    again = cell.post(address, {"label": " bénévoles ", "confirmer": "oui"})
    assert "est déjà proposé" in text_of(again)
    world.ask(world.orleans, 120)
    stop = reverse("vaccines:flu_group", args=[world.residents.pk])
    answer = cell.get(stop)
    assert_sound_html(answer)
    assert "1 PUI, 120 doses déjà demandées" in text_of(answer)
    sent = {"seen": answer.context["seen"], "confirmer": "oui"}
    cell.post(stop, sent)
    world.residents.refresh_from_db()
    assert not world.residents.is_used
    assert cell.post(stop, sent).status_code == 409
    world.residents.refresh_from_db()
    assert not world.residents.is_used
    assert_sound_html(cell.get(reverse("vaccines:flu_campaigns")))


def test_a_decision_taken_meanwhile_is_told(world):
    with pytest.raises(ChangedMeanwhileError):
        propose_group(by=world.cell, group=world.staff, is_used=False, seen="autre chose")
    propose_group(by=world.cell, group=world.staff, is_used=False)
    with pytest.raises(SettingsError, match="déjà ainsi"):
        propose_group(by=world.cell, group=world.staff, is_used=False)


@pytest.mark.parametrize("code", ["GF", "ARA", "OMD", "NAL"])
def test_only_the_national_cell_decides(world, code):
    by = person(code)
    for act in (
        lambda: open_campaign(by=by, typed=season()),
        lambda: change_campaign(by=by, campaign=world.coming, typed=season()),
        lambda: add_group(by=by, label="Autres"),
        lambda: propose_group(by=by, group=world.staff, is_used=False),
    ):
        with pytest.raises(SettingsError, match="La cellule nationale règle"):
            act()
    client = Client()
    client.force_login(by)
    assert client.get(reverse("vaccines:flu_campaigns")).status_code == 403
    assert not Entry.objects.filter(verb__startswith="vaccines.").exists()


def test_the_groups_are_reference_data_loaded_once():
    call_command("load_reference", stdout=io.StringIO())
    count = TargetGroup.objects.count()
    assert count
    TargetGroup.objects.update(is_used=False)
    assert load_target_groups() == 0
    assert not TargetGroup.objects.filter(is_used=True).exists()
    assert TargetGroup.objects.count() == count
