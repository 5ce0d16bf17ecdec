"""« PUI en retard »: who, since when, whom to call; one reminder a day, read before it leaves."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from journal.models import Entry
from medications.calendar import calendar_of
from pui.models import Pui, Reminder, ServedEstablishment
from pui.region.late import described, late_puis
from pui.services import reminding
from pui.services.reminding import RemindingError, letters_for, send_reminders
from tests.builders import make_establishment, make_person
from tests.pui.builders import make_list, make_pui
from tests.pui.region.conftest import NOW, rows_of, text_of

pytestmark = pytest.mark.django_db
LATE = "/dispostock/region/retards/"
REMIND = f"{LATE}relancer/"


@pytest.fixture(autouse=True)
def letters_leave_at_once(monkeypatch):
    def send(subject, text, to, *, lasts=None):
        mail.EmailMessage(subject, text, to=[to]).send()

    monkeypatch.setattr(reminding, "queue_written", send)


def late_for(user, now=NOW):
    monitored_list = make_list()
    calendar = calendar_of(monitored_list)
    return described(late_puis(user, monitored_list, calendar, now), monitored_list, calendar, now)


def remind(user, *puis, now=NOW):
    return send_reminders(
        by=user, monitored_list=make_list(), pui_ids=[one.pk for one in puis], now=now
    )


@pytest.fixture
def user(world):
    return make_person("ARA")


def test_who_missed_the_last_due_day_is_late_since_its_hour(world, user):
    world.declare(world.orleans, {world.cis: (5, 1)}, back=2)
    world.declare(world.bourges, {world.cis: (5, 1)}, back=1)
    found = late_for(user)
    assert [one.pui for one in found] == [world.orleans]
    assert found[0].freshness.text == "Périmé depuis le 20/11 à 18\u00a0h"


def test_the_longest_silent_comes_first_and_one_that_never_declared_says_so(world, user):
    world.declare(world.orleans, {world.cis: (5, 1)}, back=2)
    world.declare(world.bourges, {world.cis: (5, 1)}, back=3)
    never = make_pui("Jamais", on=world.orleans.establishment)
    found = late_for(user)
    assert [one.freshness.text for one in found if one.pui == never] == ["Jamais déclaré"]
    dated = [one.pui for one in found if one.freshness.declared_on]
    assert dated == [world.bourges, world.orleans]


def test_a_served_establishment_is_never_late(world, user):
    site = make_establishment()
    ServedEstablishment.objects.create(
        pui=world.orleans, establishment=site, starts_on=date(2020, 1, 1)
    )
    assert site not in [one.pui.establishment for one in late_for(user)]


def test_neither_a_closed_pharmacy_nor_one_of_another_region_is_late_here(world, user):
    Pui.objects.filter(pk=world.bourges.pk).update(closed_on="2020-11-22")
    assert [one.pui for one in late_for(user)] == [world.orleans]


def test_whom_to_call_is_said_and_without_an_ape_the_ars_names_one(world, ars):
    gf = make_person("GF", on=world.orleans.establishment)
    make_person("APE", on=world.bourges.establishment.legal_entity)
    text = text_of(ars.get(LATE))
    assert gf.email in text
    assert "Garde · 02 61 91 00 00" in text
    assert text.count("Nommer un APE") == 1
    assert f"/plage/ape/?recherche={world.orleans.establishment.finess}" in text


def test_on_a_phone_whom_to_call_takes_the_whole_card_so_that_an_address_is_not_cut(world, ars):
    page = ars.get(LATE).content.decode()
    assert '<td role="cell" data-label="Qui appeler" class="app-large">' in page


def test_the_file_says_the_same(world, ars):
    rows = rows_of(ars.get(f"{LATE}telecharger/csv/"))
    assert [row["PUI"] for row in rows] == ["PUI de Bourges", "PUI de Orléans"]
    assert {row["État"] for row in rows} == {"Jamais déclaré"}


def test_a_reminder_is_read_before_it_leaves(world, ars):
    gf = make_person("GF", on=world.orleans.establishment)
    answer = ars.get(REMIND, {"pui": str(world.orleans.pk)})
    text = text_of(answer)
    assert gf.email in text
    assert "n’a pas transmis son stock" in text
    assert mail.outbox == []
    ars.post(REMIND, {"pui": [world.orleans.pk], "liste": "autres"})
    (sent,) = mail.outbox
    assert sent.to == [gf.email]
    assert sent.body.strip() == answer.context["first"].text
    assert f"/dispostock/medicaments/transmission/?pui={world.orleans.pk}" in sent.body
    assert Entry.objects.get(verb="pui.reminded").finess == world.orleans.establishment.finess


def test_a_pharmacy_is_written_to_once_a_day_whoever_asks(world, user):
    make_person("GF", on=world.orleans.establishment)
    assert remind(user, world.orleans) == [world.orleans]
    colleague = make_person("ARA")
    with pytest.raises(RemindingError):
        remind(colleague, world.orleans, now=NOW + timedelta(hours=3))
    assert len(mail.outbox) == 1
    assert remind(colleague, world.orleans, now=NOW + timedelta(days=1)) == [world.orleans]


def test_two_at_once_write_one_mail(world, user, monkeypatch):
    """The second read before the first wrote: the database decides."""
    make_person("GF", on=world.orleans.establishment)
    letters = letters_for(by=user, monitored_list=make_list(), pui_ids=[world.orleans.pk], now=NOW)
    remind(user, world.orleans)
    monkeypatch.setattr(reminding, "letters_for", lambda **asked: letters)
    with pytest.raises(RemindingError), transaction.atomic():
        remind(user, world.orleans)
    assert Reminder.objects.count() == len(mail.outbox) == 1


def test_who_has_just_declared_is_left_alone(world, user):
    make_person("GF", on=world.orleans.establishment)
    world.declare(world.orleans, {world.cis: (5, 1)}, back=1)
    with pytest.raises(RemindingError):
        remind(user, world.orleans)
    assert mail.outbox == []


def test_without_gf_the_pharmacy_itself_is_written_to_then_its_ape(world, user):
    Pui.objects.filter(pk=world.orleans.pk).update(contact_email="pui@ch.example")
    ape = make_person("APE", on=world.bourges.establishment)
    remind(user, world.orleans, world.bourges)
    assert {one.to[0] for one in mail.outbox} == {"pui@ch.example", ape.email}


def test_nobody_to_write_to_is_said(world, ars):
    text = text_of(ars.get(REMIND, {"pui": str(world.bourges.pk)}))
    assert "Personne à relancer" in text


def test_a_reader_sees_who_is_late_and_writes_to_nobody(world, client_for):
    reader = client_for("ARL")
    assert "Relancer" not in text_of(reader.get(LATE))
    assert reader.get(REMIND).status_code == 403


def test_a_pharmacy_of_another_region_is_not_written_to(world, user):
    make_person("GF", on=world.lyon.establishment)
    with pytest.raises(RemindingError):
        remind(user, world.lyon)


def test_a_number_that_is_none_names_nobody(world, ars):
    text = ars.get(reverse("pui:remind"), {"pui": "²"}).content.decode()
    assert "Personne à relancer" in text


@pytest.mark.parametrize("slug", ["rien", "\x00"])
def test_a_list_that_does_not_exist_is_not_found(world, ars, slug):
    assert ars.get(LATE, {"liste": "zz"}).status_code == 404


def test_once_everybody_is_relaunched_the_page_says_so_instead_of_offering_it(world, ars, user):
    make_person("GF", on=world.orleans.establishment)
    assert "Relancer toutes les PUI en retard" in text_of(ars.get(LATE))
    ars.post(REMIND, {"pui": [world.orleans.pk], "liste": "autres"})
    text = text_of(ars.get(LATE))
    assert "Relancer toutes" not in text
    assert "Toutes celles qui ont une adresse ont été relancées aujourd’hui" in text
    Reminder.objects.update(day=NOW.date() - timedelta(days=1), sent_at=NOW - timedelta(days=1))
    assert "Relancer toutes" in text_of(ars.get(LATE)), "the next day"
