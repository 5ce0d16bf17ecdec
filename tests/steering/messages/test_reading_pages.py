"""What a person receives: the list, one message opened, taken into account, its files."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.home import Kind
from journal.models import Entry
from steering.messages.cards import message_asides, message_banners, message_cards, message_changes
from steering.messages.files import Checked
from steering.models import Message, Reading
from steering.search import find
from steering.services.message_files import join_files
from steering.services.message_readings import acknowledge
from steering.services.messages import correct_message, send_message, withdraw_message
from tests.builders import make_establishment, make_legal_entity, make_person
from tests.html_rules import assert_sound_html
from tests.steering.messages.conftest import draft, sent

pytestmark = pytest.mark.django_db
LIST = reverse("steering:messages")
ACTION = Message.Nature.ACTION


def page(message, name="message", *more):
    return reverse(f"steering:{name}", args=[message.pk, *more])


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def reader(hospital, client_for):
    return client_for("GF", on=hospital)


def test_opening_is_reading_once(cell, reader):
    message = sent(cell)
    assert "Non lu" in reader.get(LIST).content.decode()
    for _ in range(2):
        response = reader.get(page(message))
        assert_sound_html(response)
    assert Reading.objects.count() == 1
    assert "Non lu</span>" not in reader.get(LIST).content.decode()


def test_what_a_browser_fetches_ahead_is_not_read(cell, reader):
    message = sent(cell)
    reader.get(page(message), headers={"Sec-Purpose": "prefetch"})
    reader.head(page(message))
    assert not Reading.objects.exists()


@pytest.mark.parametrize("code", ["APE", "OIE", "USR", "DEP", "ARA", "NAL", "SUP"])
def test_for_anybody_else_it_does_not_exist(cell, reader, client_for, code):
    message = draft(cell)
    join_files(by=cell, message=message, files=[Checked("a.pdf", "pdf", b"%PDF-")])
    message.refresh_from_db()
    number = message.files.get().pk
    send_message(by=cell, message=message, seen=message.version)
    other = client_for(code) if code != "ARA" else client_for(code, on=None)
    if code == "ARA":  # the region of the reader may follow it; another may not
        other.user.profiles.update(state="ended")
    for address in (page(message), page(message, "message_file", number)):
        assert other.get(address).status_code == 404
        assert reader.get(address).status_code == 200
    assert other.post(page(message, "message_acknowledge")).status_code == 404


def test_a_draft_is_read_by_its_writers_alone(cell, reader):
    message = draft(cell)
    assert reader.get(page(message)).status_code == 404


def test_what_is_typed_never_becomes_a_script(cell, reader):
    message = sent(
        cell,
        title="<script>alert(1)</script>",
        body="<img src=x onerror=alert(1)> [x](javascript:alert(1)) **gras**",
    )
    html = reader.get(page(message)).content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html
    assert 'javascript:alert(1)"' not in html
    assert "<strong>gras</strong>" in html


def test_a_message_for_action_is_a_task_until_it_is_taken_into_account(cell, reader):
    message = sent(cell, nature=ACTION, due_on=in_days(2))
    user = reader.user
    (card,) = message_cards(user)
    assert (card.kind, card.url) == (Kind.TO_DO, page(message))
    html = reader.get(page(message)).content.decode()
    assert "Pris en compte</button>" in html
    for _ in range(2):
        reader.post(page(message, "message_acknowledge"))
    assert Entry.objects.filter(verb="steering.message_acknowledged").count() == 1
    assert message_cards(user) == []
    html = reader.get(page(message)).content.decode()
    assert "Pris en compte le" in html
    assert "Pris en compte</button>" not in html


def test_past_its_day_it_is_late(cell, reader):
    message = draft(cell, nature=ACTION, due_on=in_days(-1))
    before = timezone.now() - timedelta(days=3)
    send_message(by=cell, message=message, seen=1, now=before)
    assert [one.kind for one in message_cards(reader.user)] == [Kind.LATE]


def test_a_message_for_information_is_no_task(cell, reader):
    message = sent(cell)
    assert message_cards(reader.user) == []
    reader.post(page(message, "message_acknowledge"))
    assert not Entry.objects.filter(verb="steering.message_acknowledged").exists()


def test_it_is_taken_into_account_for_each_profile(cell, reader):
    user = reader.user
    make_person("GF", on=make_establishment(), user=user)
    message = sent(cell, nature=ACTION, due_on=in_days(2))
    first, second = user.usable_profiles
    reader.post(reverse("profiles:choose"), {"profile": first.pk})
    user.chosen_profile_id = first.pk
    acknowledge(by=user, message=message)
    assert message_cards(user) == []
    user.chosen_profile_id = second.pk
    assert len(message_cards(user)) == 1


def test_a_link_opens_it_under_another_of_ones_profiles(cell, hospital):
    user = make_person("GF", on=hospital)
    make_person("OIE", on=make_establishment(), user=user)
    message = sent(cell, nature=ACTION, due_on=in_days(2))
    client = Client()
    client.force_login(user)
    other = user.usable_profiles[1]
    session = client.session
    session["profile"] = other.pk
    session.save()
    html = client.get(page(message)).content.decode()
    assert Reading.objects.get().profile == user.usable_profiles[0]
    assert "un autre de vos profils" in html or "Pris en compte</button>" in html


def test_a_correction_and_the_first_name_each_other(cell, reader):
    first = sent(cell, nature=ACTION, due_on=in_days(2))
    correction = correct_message(by=cell, message=first)
    correction.due_on = in_days(3)
    correction.save()
    send_message(by=cell, message=correction, seen=1)
    html = reader.get(page(first)).content.decode()
    assert page(correction) in html
    assert "Pris en compte</button>" not in html
    assert page(first) in reader.get(page(correction)).content.decode()
    assert [one.url for one in message_cards(reader.user)] == [page(correction)]


def test_a_withdrawn_message_tells_why(cell, reader):
    message = sent(cell, nature=ACTION, due_on=in_days(2))
    withdraw_message(by=cell, message=message, reason="La date était fausse.")
    assert "La date était fausse." in reader.get(page(message)).content.decode()
    assert message_cards(reader.user) == []
    assert message.title not in reader.get(LIST).content.decode()
    assert message.title in reader.get(f"{LIST}?etat=anciens").content.decode()


def test_a_withdrawn_message_is_read_no_more_but_by_who_wrote_it(cell, reader, client_for):
    message = draft(cell, body="Le texte retiré.")
    join_files(by=cell, message=message, files=[Checked("a.pdf", "pdf", b"%PDF-")])
    message.refresh_from_db()
    send_message(by=cell, message=message, seen=message.version)
    addresses = page(message), page(message, "message_file", message.files.get().pk)
    assert "Le texte retiré." in reader.get(addresses[0]).content.decode()
    withdraw_message(by=cell, message=message, reason="Le fichier nomme des patients.")
    html = reader.get(addresses[0]).content.decode()
    assert "Le texte retiré." not in html
    assert addresses[1] not in html
    assert reader.get(addresses[1]).status_code == 404
    writer = client_for("NAT", on=None)
    assert "Le texte retiré." in writer.get(addresses[0]).content.decode()
    assert writer.get(addresses[1]).status_code == 200


def test_who_acted_on_a_withdrawn_message_is_told(cell, reader):
    message = sent(cell, nature=ACTION, due_on=in_days(2), title="Rappel de lot")
    before = timezone.now()
    assert message_changes(reader.user, before) == []
    withdraw_message(by=cell, message=message, reason="La date était fausse.")
    (change,) = message_changes(reader.user, before)
    assert "a retiré le message «\u00a0Rappel de lot\u00a0»" in change.text
    assert change.url == page(message)
    assert message_changes(reader.user, timezone.now()) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Gants", "Surblouses"}),
        ("recherche=gant", {"Gants"}),
        ("recherche=declarez", {"Gants"}),
        ("recherche=N%C2%B02", {"Surblouses"}),
        ("recherche=%27%29%3B--", set()),
        ("recherche=%00", {"Gants", "Surblouses"}),
        ("nature=action", {"Surblouses"}),
        ("etat=a-faire", {"Surblouses"}),
        ("etat=non-lus", {"Gants", "Surblouses"}),
        ("etat=anciens", {"Tabliers"}),
        ("etat=tous", {"Gants", "Surblouses", "Tabliers"}),
        ("annee=1999", {"Gants", "Surblouses"}),
        ("expediteur=0", {"Gants", "Surblouses"}),
        ("etat=tous&page=999", {"Gants", "Surblouses", "Tabliers"}),
    ],
)
def test_the_list_is_searched_and_filtered(cell, reader, query, found):
    sent(cell, title="Gants", body="Déclarez-les par taille.")
    sent(cell, title="Surblouses", nature=ACTION, due_on=in_days(2))
    gone = sent(cell, title="Tabliers")
    withdraw_message(by=cell, message=gone, reason="Erreur.")
    html = reader.get(f"{LIST}?{query}").content.decode()
    assert {one for one in ("Gants", "Surblouses", "Tabliers") if f">{one}</a>" in html} == found


def test_the_home_shows_the_last_three_and_the_way_to_all(cell, agency, centre, reader):
    for number in range(4):
        sent(cell, title=f"Note {number}")
    (aside,) = message_asides(reader.user)
    assert [one.title for one, _ in aside.context["rows"]] == ["Note 3", "Note 2", "Note 1"]
    assert (aside.context["title"], aside.context["total"]) == ("Messages du ministère", 4)
    assert "Tous les messages (4)" in reader.get("/").content.decode()
    sent(agency, is_countrywide=False, region_codes=[centre.pk])
    assert message_asides(reader.user)[0].context["title"].endswith("de l’ARS")


def test_a_person_without_profile_has_no_message(cell, client_for):
    client = client_for("USR")
    assert message_asides(client.user) == []
    assert message_cards(client.user) == message_banners(client.user) == []
    assert "Voir mes profils" in client.get(LIST).content.decode()


def test_an_urgent_message_stands_above_every_page_until_it_is_read(cell, reader):
    message = sent(cell, title="Rappel de lot", is_urgent=True)
    assert "Rappel de lot" in reader.get(reverse("terms")).content.decode()
    reader.get(page(message))
    assert message_banners(reader.user) == []


def test_it_says_how_many_places_it_concerns(cell):
    entity = make_legal_entity()
    for _ in range(3):
        make_establishment(legal_entity=entity)
    user = make_person("OIE", on=entity)
    sent(cell, roles=["OIE"], apply_on=timezone.localdate())
    (_, said) = message_asides(user)[0].context["rows"][0]
    assert said == "Concerne vos 3\u00a0établissements. À appliquer dès aujourd’hui."


def test_a_file_is_only_to_be_saved(cell, reader):
    message = draft(cell)
    join_files(by=cell, message=message, files=[Checked("Étape 1.pdf", "pdf", b"%PDF-1.7")])
    message.refresh_from_db()
    send_message(by=cell, message=message, seen=message.version)
    response = reader.get(page(message, "message_file", message.files.get().pk))
    assert response.content == b"%PDF-1.7"
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert reader.get(page(message, "message_file", 0)).status_code == 404


def test_the_search_of_the_platform_finds_what_one_receives(cell, reader, client_for):
    message = sent(cell, title="Deux transmissions", body="Les ampoules de midazolam.")
    (group,) = find(reader.user, "ampoule")
    assert [(hit.title, hit.url) for hit in group.hits] == [(message.title, page(message))]
    assert find(reader.user, "absent") == []
    assert find(reader.user, "  ") == find(reader.user, "\x00") == []
    assert find(client_for("APE").user, "ampoule") == []


@pytest.mark.parametrize("address", [LIST, "/"])
def test_many_messages_cost_what_a_few_cost(cell, hospital, client, count_queries, address):
    client.force_login(make_person("GF", on=hospital))
    for _ in range(4):
        sent(cell)
    client.get(address)  # what a process reads once is read
    few = count_queries(address)
    for _ in range(12):
        sent(cell)
    client.get(address)
    assert count_queries(address) == few
