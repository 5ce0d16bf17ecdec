"""Writing for the ministry or an ARS: the form, the preview, the sending, the follow-up."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from steering.messages.following import (
    by_role,
    by_territory,
    overall,
    rate,
    recipients,
    sites_told,
)
from steering.models import Mailing, Message, Reading
from tests.builders import make_department, make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.steering.messages.conftest import draft, sent
from tests.steering.messages.test_files import pdf
from tests.steering.messages.test_reading_pages import page

pytestmark = pytest.mark.django_db
NEW = reverse("steering:message_new")
WRITTEN = reverse("steering:messages_written")
TYPED = {
    "reference": "STOCKS N°2026-1",
    "nature": "information",
    "objet": "Deux transmissions",
    "texte": "Chaque lundi et chaque jeudi.",
    "roles_etablissements": ["GF"],
    "territoire": "france",
}


@pytest.fixture
def writer(client_for):
    return client_for("NAT")


@pytest.fixture
def reader(hospital):
    return make_person("GF", on=hospital)


def test_it_is_written_previewed_tried_and_sent(writer, reader):
    assert_sound_html(writer.get(NEW))
    file = SimpleUploadedFile("note.pdf", pdf())
    response = writer.post(NEW, TYPED | {"apercu": "oui", "fichiers": [file]})
    message = Message.objects.get()
    preview = page(message, "message_preview")
    assert response.url == preview
    shown = writer.get(preview)
    assert_sound_html(shown)
    html = shown.content.decode()
    assert "1\u00a0personne dans 1\u00a0établissement" in html
    assert "note.pdf" in html
    seen = {"version": message.version}
    assert writer.post(preview, seen | {"essai": "oui"}, follow=True).status_code == 200
    message.refresh_from_db()
    assert message.is_draft
    for _ in range(2):
        response = writer.post(preview, {"version": message.version, "envoyer": "oui"})
        assert response.url == page(message, "message_follow")
    assert Entry.objects.filter(verb="steering.message_sent").count() == 1
    assert writer.get(page(message, "message_edit")).status_code == 302


def test_nothing_typed_is_lost_when_it_is_refused(writer):
    file = SimpleUploadedFile("note.pdf", b"MZ")
    response = writer.post(NEW, TYPED | {"fichiers": [file], "apercu": "oui"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Chaque lundi et chaque jeudi." in html
    assert "choisissez-les de nouveau" in html
    assert "pas accepté" in html
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": ""},
        {"objet": "x" * 151},
        {"texte": "x" * 20_001},
        {"appliquer": "31/02/2026"},
        {"nature": "ordre"},
        {"roles_etablissements": ["PATRON"]},
        {"territoire": "lune"},
        {"objet": "a\x00b"},
    ],
)
def test_what_cannot_be_read_is_told(writer, wrong):
    assert writer.post(NEW, TYPED | wrong).status_code == 422
    assert not Message.objects.exists()


def test_a_form_with_nothing_is_told(writer):
    assert writer.post(NEW, {}).status_code == 422


def test_two_colleagues_on_one_draft(writer, reader, client_for):
    message = draft(writer.user)
    address = page(message, "message_edit")
    assert writer.post(address, TYPED | {"version": 1, "objet": "Le premier"}).status_code == 302
    other = client_for("NAT")
    response = other.post(address, TYPED | {"version": 1, "objet": "Le second"})
    assert response.status_code == 409
    assert "Le second" in response.content.decode()
    message.refresh_from_db()
    assert message.title == "Le premier"
    preview = other.post(page(message, "message_preview"), {"version": 1, "envoyer": "oui"})
    assert preview.status_code == 409


def test_a_draft_that_lacks_something_says_what(writer, reader):
    message = draft(writer.user, title="")
    html = writer.get(page(message, "message_preview")).content.decode()
    assert "Écrivez l’objet" in html
    assert 'name="envoyer"' not in html
    response = writer.post(page(message, "message_preview"), {"version": 1, "envoyer": "oui"})
    assert response.status_code == 422


def test_files_are_taken_off_from_the_form(writer):
    writer.post(NEW, TYPED | {"fichiers": [SimpleUploadedFile("note.pdf", pdf())]})
    message = Message.objects.get()
    typed = TYPED | {"version": message.version, "retirer": [message.files.get().pk]}
    writer.post(page(message, "message_edit"), typed)
    assert not message.files.exists()


def test_an_agency_sees_its_region_alone(client_for, centre, brittany, reader):
    agency = client_for("ARA", on=centre)
    html = agency.get(NEW).content.decode()
    assert "Toute la région Centre-Val de Loire" in html
    assert "Loiret" in html
    assert "Ille-et-Vilaine" not in html
    assert "Services nationaux" not in html
    agency.post(NEW, TYPED | {"territoire": "regions", "urgent": "on"})
    message = Message.objects.get()
    assert (message.region_codes, message.is_urgent) == (["24"], False)


def test_a_correction_keeps_the_recipients_of_the_first(writer, reader):
    first = sent(writer.user)
    response = writer.post(page(first, "message_correct"))
    correction = Message.objects.get(corrects=first)
    assert response.url == page(correction, "message_edit")
    html = writer.get(response.url).content.decode()
    assert "roles_etablissements" not in html
    assert "Ceux du message rectifié" in html
    assert writer.post(page(first, "message_correct")).url == page(correction, "message_edit")


def test_it_is_withdrawn_with_a_reason_and_a_draft_is_dropped(writer, reader):
    message = sent(writer.user)
    address = page(message, "message_withdraw")
    assert_sound_html(writer.get(address))
    assert writer.post(address, {"motif": " "}).status_code == 422
    assert writer.post(address, {"motif": "Erreur."}).url == page(message)
    assert writer.post(address, {"motif": "Encore."}).status_code == 422
    other = draft(writer.user, reference="Autre")
    assert writer.post(page(other, "message_drop")).url == WRITTEN
    writer.post(page(message, "message_drop"))
    assert Message.objects.get() == message
    assert_sound_html(writer.get(WRITTEN))


@pytest.mark.parametrize("name", ["message_edit", "message_preview", "message_withdraw"])
def test_the_message_of_another_body_does_not_exist(client_for, centre, cell, reader, name):
    agency = client_for("ARA", on=centre)
    message = draft(cell)
    assert agency.get(page(message, name)).status_code == 404
    assert agency.post(page(message, name), {"version": 1, "envoyer": "oui"}).status_code == 404


@pytest.mark.parametrize("name", ["message_drop", "message_correct"])
def test_nobody_acts_on_the_message_of_another_body(client_for, centre, cell, reader, name):
    message = sent(cell)
    assert client_for("ARA", on=centre).post(page(message, name)).status_code == 404


def world(cell, brittany):
    """Two GF and an APE in the Loiret, a GF in Brittany, an ARS; one GF read, one answered."""
    loiret = make_establishment()
    first, second = make_person("GF", on=loiret), make_person("GF", on=loiret)
    make_person("APE", on=loiret)
    make_person("GF", on=make_establishment(department=make_department("35")))
    due = timezone.localdate() + timedelta(days=5)
    message = sent(cell, roles=["GF", "APE", "ARA"], nature="action", due_on=due)
    Reading.objects.create(message=message, profile=first.active_profile)
    answered = Reading.objects.create(message=message, profile=second.active_profile)
    Reading.objects.filter(pk=answered.pk).update(acknowledged_at=timezone.now())
    return message


def test_the_figures_are_those_of_the_lists(cell, agency, centre, brittany):
    message = world(cell, brittany)
    whole = overall(message, None)
    assert (whole.total, whole.read, whole.done) == (5, 2, 1)
    assert whole.total == recipients(message, None).count()
    assert (whole.read_rate, whole.done_rate) == ("40\u00a0%", "20\u00a0%")
    roles = {one.key: (one.total, one.read, one.done) for one in by_role(message, None)}
    assert roles == {"GF": (3, 2, 1), "APE": (1, 0, 0), "ARA": (1, 0, 0)}
    regions = {one.label: (one.total, one.read) for one in by_territory(message, None)}
    assert regions == {"Centre-Val de Loire": (4, 2), "Bretagne": (1, 0)}
    departments = {one.label: one.total for one in by_territory(message, "24")}
    assert departments == {"Loiret": 3, "Toute la région": 1}
    assert sites_told(message, "24") == (1, 1)
    assert sites_told(message, None) == (1, 2)


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(0, 0, "–"), (999, 1000, "99\u00a0%"), (3, 3, "100\u00a0%")]
)
def test_all_is_said_of_all_alone(part, whole, said):
    assert rate(part, whole) == said


def test_an_agency_follows_a_national_message_in_its_region(cell, centre, brittany, client_for):
    message = world(cell, brittany)
    address = page(message, "message_follow")
    agency = client_for("ARA", on=brittany)
    shown = agency.get(address)
    assert_sound_html(shown)
    html = shown.content.decode()
    assert "CH de Test" not in html
    assert "Loiret" not in html
    assert "2 destinataires" in html.replace("\u00a0", " ")
    Mailing.objects.all().delete()
    agency.post(page(message, "message_remind"))
    written = Mailing.objects.filter(is_reminder=True).values_list("profile__region", flat=True)
    assert set(written) == {"53"}


def test_an_agency_that_a_message_does_not_reach_follows_nothing(
    cell, centre, brittany, client_for, reader
):
    message = sent(cell, is_countrywide=False, region_codes=["24"])
    assert client_for("ARA", on=brittany).get(page(message, "message_follow")).status_code == 404
    own = client_for("ARA", on=centre)
    assert own.get(page(message, "message_follow")).status_code == 200
    assert own.get(page(message)).status_code == 200


def test_an_agency_does_not_follow_that_of_another(agency, centre, brittany, client_for, reader):
    message = sent(agency, is_countrywide=False, region_codes=["24"])
    assert client_for("ARA", on=brittany).get(page(message, "message_follow")).status_code == 404
    assert client_for("NAT").get(page(message, "message_follow")).status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 4),
        ("etat=non-lus", 3),
        ("etat=lus", 1),
        ("etat=faits", 1),
        ("etat=tous", 5),
        ("etat=tous&role=GF", 3),
        ("etat=tous&lieu=53", 1),
        ("etat=tous&role=NAT.dispostock", 5),
        ("etat=nimporte&lieu=00", 4),
    ],
)
def test_the_list_and_its_file_hold_the_same_people(writer, agency, brittany, query, count):
    message = world(writer.user, brittany)
    html = writer.get(f"{page(message, 'message_follow')}?{query}").content.decode()
    assert f"{count} destinataire" in html
    response = writer.get(f"{page(message, 'message_follow_file', 'csv')}?{query}")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").strip().splitlines()
    assert len(lines) == count + 1
    assert Entry.objects.filter(verb="steering.message_readers_exported").count() == 1


def test_a_reminder_is_read_before_it_leaves(writer, reader):
    message = sent(writer.user)
    address = page(message, "message_remind")
    shown = writer.get(address)
    assert_sound_html(shown)
    assert "Relancer 1 personne" in shown.content.decode()
    assert writer.post(address, follow=True).status_code == 200
    assert Mailing.objects.get().is_reminder
    assert "Personne à relancer aujourd’hui" in writer.get(address).content.decode()


def test_many_recipients_cost_what_a_few_cost(client, cell, centre, count_queries):
    client.force_login(cell)
    make_person("GF")
    message = sent(cell)
    address = page(message, "message_follow")
    client.get(address)  # what a process reads once is read
    few = count_queries(address)
    for _ in range(8):
        make_person("GF")
    assert count_queries(address) == few
    preview = page(draft(cell, reference="Autre"), "message_preview")
    assert client.get(preview).status_code == 200
