"""A message is drafted, sent once, then corrected by another or withdrawn; never changed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from journal.models import Entry
from steering.models import Mailing, Message
from steering.services.message_rules import (
    MessageChangedError,
    MessageError,
    next_reference,
    what_is_missing,
)
from steering.services.messages import (
    change_message,
    correct_message,
    drop_message,
    send_message,
    start_message,
    withdraw_message,
)
from tests.builders import make_category, make_establishment, make_person, make_region
from tests.steering.messages.conftest import content, draft, sent

pytestmark = pytest.mark.django_db
Nature, State = Message.Nature, Message.State
TODAY = timezone.localdate


@pytest.fixture
def reader(hospital):
    return make_person("GF", on=hospital)


def test_two_clicks_send_it_once(cell, reader):
    found = draft(cell, by_mail=True)
    for is_new in (True, False):
        message, was_new = send_message(by=cell, message=found, seen=1)
        assert (message.state, was_new) == (State.SENT, is_new)
    assert Mailing.objects.count() == 1
    assert Entry.objects.filter(verb="steering.message_sent").count() == 1


def test_a_draft_changed_since_it_was_read_does_not_leave(cell, reader):
    found = draft(cell)
    change_message(by=cell, message=found, content=content(title="Autre objet"), seen=1)
    with pytest.raises(MessageChangedError, match="modifié"):
        send_message(by=cell, message=found, seen=1)
    with pytest.raises(MessageChangedError, match="modifié"):
        change_message(by=cell, message=found, content=content(), seen=1)
    assert Message.objects.get().title == "Autre objet"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "objet"),
        ({"body": "  \n "}, "texte"),
        ({"nature": Nature.ACTION}, "à partir de quand"),
        ({"nature": Nature.ACTION, "due_on": -1}, "passée"),
        ({"shown_until": -1}, "avant d’avoir servi"),
        ({"nature": Nature.ACTION, "due_on": 9, "shown_until": 5}, "avant d’avoir servi"),
        ({"roles": []}, "au moins un rôle"),
        ({"is_countrywide": False}, "territoire"),
        ({"roles": ["LPO"]}, "Personne ne recevrait"),
    ],
)
def test_what_is_not_whole_stays_a_draft(cell, reader, fields, sentence):
    days = ("due_on", "shown_until")
    typed = {
        name: TODAY() + timedelta(days=value) if name in days else value
        for name, value in fields.items()
    }
    found = draft(cell, **typed)
    with pytest.raises(MessageError, match=sentence):
        send_message(by=cell, message=found, seen=1)
    found.refresh_from_db()
    assert found.is_draft
    assert not Mailing.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reference": "  "}, "référence"),
        ({"roles": ["PATRON"]}, "rôle n’existe pas"),
        ({"category_codes": ["0000"]}, "catégorie n’existe pas"),
        ({"is_countrywide": False, "region_codes": ["99"]}, "région n’existe pas"),
        ({"is_countrywide": False, "department_codes": ["99"]}, "département n’existe pas"),
        ({"apply_on": TODAY(), "nature": Nature.ACTION,
          "due_on": TODAY() - timedelta(days=1)}, "avant la date d’application"),
        ({"body": "x" * 20_001}, "trop long"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_once(cell, fields, sentence):
    with pytest.raises(MessageError, match=sentence):
        draft(cell, **fields)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"is_countrywide": True},
        {"is_countrywide": False, "region_codes": ["53"]},
        {"is_countrywide": False, "department_codes": ["45", "35"]},
        {"is_countrywide": False, "region_codes": ["24"], "roles": ["NAT.dispostock"]},
        {"is_countrywide": False, "region_codes": ["24"], "is_urgent": True},
    ],
)
def test_an_agency_writes_within_its_region(agency, brittany, fields):
    with pytest.raises(MessageError, match=r"ARS|cellule nationale"):
        draft(agency, **fields)
    draft(agency, is_countrywide=False, department_codes=["45"])


@pytest.mark.parametrize("code", ["GF", "APE", "ARL", "NAL", "SUP", "USR"])
def test_nobody_else_writes(code):
    person = make_person(code)
    with pytest.raises(MessageError, match="écrivent des messages"):
        start_message(by=person, content=content())


def test_a_message_is_of_a_body_and_of_its_colleagues_only(cell, agency, reader):
    found = draft(cell)
    colleague = make_person("NAT", domain="dispostock")
    change_message(by=colleague, message=found, content=content(title="Relu"), seen=1)
    for act in (
        lambda: change_message(by=agency, message=found, content=content(), seen=2),
        lambda: send_message(by=agency, message=found, seen=2),
        lambda: drop_message(by=agency, message=found),
        lambda: withdraw_message(by=agency, message=found, reason="Non"),
        lambda: correct_message(by=agency, message=found),
    ):
        with pytest.raises(MessageError, match="pas pour l’expéditeur"):
            act()


def test_a_reference_is_proposed_in_order_and_unique_for_its_sender(cell, agency, centre):
    year = TODAY().year
    body = cell.active_profile.body
    assert next_reference(body, TODAY()) == f"STOCKS N°{year}-1"
    draft(cell, reference=f"STOCKS N°{year}-11")
    draft(cell, reference="STOCKS  hors série")
    assert next_reference(body, TODAY()) == f"STOCKS N°{year}-12"
    with pytest.raises(MessageError, match=f"STOCKS N°{year}-12 est libre"):
        draft(cell, reference=f"STOCKS  N°{year}-11")
    own = draft(agency, reference=f"STOCKS N°{year}-11", is_countrywide=False, region_codes=["24"])
    assert own.sender == agency.active_profile.body


def test_what_was_sent_never_changes_nor_goes(cell, reader):
    message = sent(cell)
    with pytest.raises(MessageError, match="rectifiez-le"):
        change_message(by=cell, message=message, content=content(), seen=1)
    with pytest.raises(MessageError, match="rectifiez-le"):
        drop_message(by=cell, message=message)
    for act in (
        lambda: Message.objects.filter(pk=message.pk).update(title="Autre"),
        lambda: Message.objects.filter(pk=message.pk).update(roles=["APE"]),
        message.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_database_refuses_a_message_for_action_without_mail(cell):
    found = draft(cell, nature=Nature.ACTION)
    assert found.by_mail
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=found.pk).update(by_mail=False)


def test_a_correction_goes_to_the_same_people_and_replaces_the_first(cell, reader, hospital):
    make_person("APE", on=hospital)
    first = sent(cell, roles=["GF"], category_codes=["355"])
    correction = correct_message(by=cell, message=first)
    assert correct_message(by=cell, message=first) == correction
    assert list(Message.objects.in_force()) == [first]
    wider = content(reference=correction.reference, roles=["APE"], title="Rectificatif")
    changed = change_message(by=cell, message=correction, content=wider, seen=1)
    assert (changed.roles, changed.category_codes) == (["GF"], ["355"])
    send_message(by=cell, message=correction, seen=changed.version)
    assert [one.title for one in Message.objects.in_force()] == ["Rectificatif"]


def test_a_correction_begins_with_all_that_was_said_but_the_day_it_was_due(cell, reader):
    said = {
        "body": "Texte",
        "signature": "Le directeur",
        "nature": Nature.ACTION,
        "apply_on": TODAY(),
        "shown_until": TODAY() + timedelta(days=9),
        "is_urgent": True,
        "by_mail": True,
    }
    first = sent(cell, due_on=TODAY() + timedelta(days=3), **said)
    correction = correct_message(by=cell, message=first)
    assert {name: getattr(correction, name) for name in said} == said
    assert correction.due_on is None
    assert correction.is_draft


def test_what_only_informs_is_due_no_day_whatever_is_typed(cell):
    found = draft(cell, due_on=TODAY() + timedelta(days=3))
    assert (found.due_on, found.by_mail) == (None, False)


def test_a_withdrawn_message_says_why_and_asks_nothing_more(cell, reader):
    message = sent(cell)
    with pytest.raises(MessageError, match="Dites pourquoi"):
        withdraw_message(by=cell, message=message, reason="  ")
    withdraw_message(by=cell, message=message, reason="Date fausse.")
    assert not Message.objects.in_force().exists()
    for act in (withdraw_message, correct_message):
        extra = {"reason": "Encore"} if act is withdraw_message else {}
        with pytest.raises(MessageError, match="retiré"):
            act(by=cell, message=message, **extra)
    with pytest.raises(MessageError, match="supprimez le brouillon"):
        withdraw_message(by=cell, message=draft(cell, reference="Autre"), reason="Non")


def test_it_is_shown_until_its_day_included(cell, reader):
    last = TODAY() + timedelta(days=3)
    sent(cell, shown_until=last)
    assert Message.objects.in_force(last).exists()
    assert not Message.objects.in_force(last + timedelta(days=1)).exists()


def test_a_draft_says_all_it_lacks(cell):
    found = draft(cell, title="", body="", roles=[], is_countrywide=False)
    assert len(what_is_missing(found, TODAY())) == 4


def test_a_region_that_left_the_agency_is_refused_at_the_sending(agency, centre, reader):
    found = draft(agency, is_countrywide=False, department_codes=["18", "45"])
    centre.departments.filter(pk="18").update(region=make_region("53", "Bretagne"))
    with pytest.raises(MessageError, match="départements de sa région"):
        send_message(by=agency, message=found, seen=1)


def test_categories_choose_among_establishments(cell, reader):
    make_establishment(category=make_category("500", "EHPAD"))
    with pytest.raises(MessageError, match="Personne ne recevrait"):
        send_message(by=cell, message=draft(cell, category_codes=["500"]), seen=1)
