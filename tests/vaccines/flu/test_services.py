"""A pharmacy tells its needs until the deadline, and what was delivered, which only grows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from tests.builders import make_person
from tests.locks import before_another
from tests.vaccines.flu.conftest import person
from vaccines.flu.seasons import deadline_text, season_named, usual_season
from vaccines.flu.trail import delivered_changes, request_changes
from vaccines.models import DeliveredDoses, FluCampaign, FluNeed, FluRequest
from vaccines.services.flu import ChangedMeanwhileError, FluError, version_of

pytestmark = pytest.mark.django_db


def needs(row):
    return dict(row.needs.values_list("group__label", "doses"))


def test_a_group_left_blank_is_not_zero(world):
    row = world.ask(world.orleans, 120, by=world.gf)
    assert needs(row) == {"Résidents": 120}
    assert needs(world.again(row, 120, 0)) == {"Résidents": 120, "Professionnels": 0}


def test_a_request_changes_until_the_deadline_and_keeps_its_history(world):
    row = world.ask(world.orleans, 120, 40, by=world.gf)
    row = world.again(row, 150, None, comment="Un EHPAD de plus.", by=world.gf)
    assert needs(row) == {"Résidents": 150}
    world.close()
    with pytest.raises(FluError, match=r"closes depuis .*appelez votre ARS ou votre OMEDIT"):
        world.again(row, 200)
    assert needs(row) == {"Résidents": 150}


@pytest.mark.django_db(transaction=True)
def test_the_history_tells_who_when_and_from_what_to_what(world):
    """Each sending is a transaction of its own, as the site's are."""
    row = world.ask(world.orleans, 120, 40, by=world.gf)
    world.again(row, 150, None, comment="Un EHPAD de plus.", by=world.gf)
    last, first = request_changes(row)
    assert (first.who, first.what) == (str(world.gf), "Demande transmise, total 160 doses")
    assert (last.who, last.what) == (str(world.gf), "Demande modifiée, total 150 doses")
    assert [(one.label, one.before, one.after) for one in last.values] == [
        ("Résidents", "120", "150"),
        ("Professionnels", "40", "vide"),
        ("commentaire", "vide", "Un EHPAD de plus."),
    ]
    told = world.tell(world.orleans, 100, by=world.gf)
    world.tell(world.orleans, 60, "Boîtes rendues", seen=version_of(told), by=world.gf)
    last, first = delivered_changes(told)
    assert [(one.before, one.after) for one in (*first.values, *last.values)] == [
        ("vide", "100"),
        ("100", "60"),
    ]
    assert last.what.endswith("correction, Boîtes rendues")


def test_before_it_opens_and_blank_a_request_is_refused(world):
    with pytest.raises(FluError, match="0 dit que vous n’avez besoin de rien"):
        world.ask(world.orleans)
    world.coming.needs_open_on = timezone.localdate() + timedelta(days=1)
    world.coming.save()
    with pytest.raises(FluError, match="s’ouvrent le"):
        world.ask(world.orleans, 10)
    assert not FluRequest.objects.exists()


def test_a_group_no_longer_proposed_stays_in_the_requests_that_speak_of_it(world):
    row = world.ask(world.orleans, 120, 40)
    world.staff.is_used = False
    world.staff.save()
    assert needs(world.again(row, 120, 50)) == {"Résidents": 120, "Professionnels": 50}
    with pytest.raises(FluError, match="n’est plus proposé"):
        world.ask(world.blois, 10, 5)


@pytest.mark.parametrize("code", ["APE", "ARL", "ARA", "OMD", "NAT", "NAL", "USR"])
def test_only_a_gf_of_the_pharmacy_writes_for_it(world, code):
    on = world.orleans.establishment if code == "APE" else None
    by = person(code, on)
    for act in (world.ask, world.tell):
        with pytest.raises(FluError, match="Seul un gestionnaire de fichiers"):
            act(world.orleans, 10, by=by)
    with pytest.raises(FluError, match="Seul un gestionnaire"):
        world.ask(world.lyon, 10, by=world.gf)


def test_a_closed_pharmacy_asks_for_nothing(world):
    world.orleans.closed_on = timezone.localdate()
    world.orleans.save()
    with pytest.raises(FluError, match="PUI ouverte"):
        world.ask(world.orleans, 10, by=world.gf)


def test_the_second_of_two_people_reads_the_values_of_the_first(world):
    row = world.ask(world.orleans, 120, by=world.gf)
    seen = version_of(row)
    world.ask(world.orleans, 150, by=world.gf, seen=seen)
    with pytest.raises(ChangedMeanwhileError, match="à côté des vôtres") as refusal:
        world.ask(world.orleans, 90, seen=seen)
    assert needs(refusal.value.row) == {"Résidents": 150}
    told = world.tell(world.orleans, 10)
    with pytest.raises(ChangedMeanwhileError):
        world.tell(world.orleans, 20)
    assert told.doses == DeliveredDoses.objects.get().doses == 10


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_request(world):
    other = make_person("GF", on=world.orleans.establishment)

    def second():
        world.ask(world.orleans, 90, by=other)

    with before_another(second, refused=ChangedMeanwhileError) as refusals:
        world.ask(world.orleans, 120, by=world.gf)
    assert len(refusals) == 1
    assert needs(FluRequest.objects.get()) == {"Résidents": 120}


def test_sent_twice_nothing_is_written_again(world):
    row = world.ask(world.orleans, 120, by=world.gf)
    world.again(row, 120, by=world.gf)
    assert Entry.objects.filter(verb="vaccines.flu_request_sent").count() == 1
    assert FluNeed.objects.count() == 1


def test_what_was_delivered_only_grows_unless_a_reason_is_given(world):
    row = world.tell(world.orleans, 300)
    row = world.tell(world.orleans, 450, seen=version_of(row))
    with pytest.raises(FluError, match=r"ne diminue pas .déjà saisi.: 450.*dites pourquoi"):
        world.tell(world.orleans, 400, seen=version_of(row))
    row = world.tell(world.orleans, 400, "Une boîte comptée deux fois", seen=version_of(row))
    assert (row.doses, row.correction_reason) == (400, "Une boîte comptée deux fois")
    row = world.tell(world.orleans, 500, "sans objet", seen=version_of(row))
    assert row.correction_reason == ""
    entry = Entry.objects.filter(verb="vaccines.flu_delivered_told").latest("pk")
    assert (entry.details["before"], entry.details["after"]) == ({"doses": 400}, {"doses": 500})


def test_what_was_delivered_is_told_from_the_first_day_of_the_campaign(world):
    world.past.starts_on = timezone.localdate() + timedelta(days=1)
    world.past.save()
    with pytest.raises(FluError, match=r"à partir du .*premier jour de la campagne"):
        world.tell(world.orleans, 10)
    assert not DeliveredDoses.objects.exists()
    world.past.starts_on = timezone.localdate()
    world.past.save()
    assert world.tell(world.orleans, 10).doses == 10


def test_once_the_campaign_is_over_a_number_still_changes_for_a_reason(world):
    row = world.tell(world.orleans, 300)
    world.past.ends_on = timezone.localdate() - timedelta(days=1)
    world.past.save()
    with pytest.raises(FluError, match=r"La campagne est finie.*dites pourquoi"):
        world.tell(world.orleans, 350, seen=version_of(row))
    with pytest.raises(FluError, match="La campagne est finie"):
        world.tell(world.blois, 20)
    row = world.tell(world.orleans, 350, "Livraison du dernier jour", seen=version_of(row))
    assert (row.doses, row.correction_reason) == (350, "Livraison du dernier jour")
    with pytest.raises(FluError, match="ne diminue pas"):
        world.tell(world.orleans, 10, seen=version_of(row))


def seasons():
    return list(FluCampaign.objects.all())


def test_the_season_shown_first_is_the_one_whose_needs_are_typed(world):
    now = timezone.now()
    assert season_named("", seasons(), now) == world.coming
    world.close()
    assert season_named("", seasons(), now) == world.past
    assert season_named("2021-2022", seasons(), now) == world.coming
    assert season_named("1999-2000", seasons(), now) is None
    assert usual_season([], now) is None


def test_the_deadline_is_told_in_clear(world):
    now = timezone.now()
    due = world.coming.needs_due_at
    assert "il reste 9\u00a0jours" in deadline_text(world.coming, now)
    assert "il reste 1\u00a0jour." in deadline_text(world.coming, due - timedelta(days=1))
    assert "closes depuis le" in deadline_text(world.coming, due)
    early = now - timedelta(days=20)
    assert "s’ouvrent le" in deadline_text(world.coming, early)
