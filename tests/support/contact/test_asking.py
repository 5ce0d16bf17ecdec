"""The form of somebody logged in, and that of somebody who cannot enter."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from common.photos import HEAVIEST
from journal.models import Entry
from support.contact import traps
from support.contact.views import opening
from support.models import Screenshot, Ticket
from tests.builders import make_department, make_establishment, make_region
from tests.html_rules import assert_sound_html
from tests.orders.following.pages import logged_in, text_of
from tests.photos import photo, picture
from tests.support.contact.builders import TEXT, make_subject, make_ticket

pytestmark = pytest.mark.django_db
START, NEW = "/aide/contact/", "/aide/contact/nouvelle/"


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Nobody waits three seconds in a test; those of the trap put it back."""
    monkeypatch.setattr(traps, "QUICKEST", timedelta(seconds=-1))
    cache.clear()


def typed(**more):
    sent = {"sujet": "panne", "objet": "Page blanche", "message": TEXT, "jeton": uuid.uuid4()}
    return sent | more


def visitor(**more):
    return typed(courriel="Alix@ch.example", vu=traps.stamp(), **more)


def test_the_form_knows_who_one_is_and_the_page_one_comes_from(operator):
    make_subject()
    client = logged_in(operator)
    answer = client.get(NEW, {"sujet": "panne", "de": "/distrilog/", "incident": "0123456789ab"})
    assert_sound_html(answer)
    text = text_of(answer)
    for known in (str(operator), operator.email, "EHPAD Les Tilleuls", "/distrilog/"):
        assert known in text
    sent = typed(de="/distrilog/", incident="0123456789ab", captures=[photo(), photo()])
    answer = client.post(NEW, sent, follow=True)
    ticket = Ticket.objects.get()
    assert f"Gardez son numéro : {ticket.number}" in text_of(answer)
    assert ticket.opened_by == operator
    assert (ticket.place, ticket.page) == ("EHPAD Les Tilleuls", "/distrilog/")
    assert (ticket.incident, ticket.region.name) == ("0123456789ab", "Centre-Val de Loire")
    assert "inventaire" in ticket.role.lower()
    assert Screenshot.objects.count() == 2
    assert re.fullmatch(r"AS-20\d\d-\d{6,}", ticket.number)
    assert Entry.objects.get(verb="support.ticket_opened").target == ticket.number


@pytest.mark.parametrize(
    "forged",
    ["https://ailleurs.example/", "//ailleurs.example/", "/nulle-part-ici/", "javascript:alert(1)",
     "/invitation/secret/", "/" + "a" * 300, "/aide/contact/suivi/jeton/"],
)  # fmt: skip
def test_a_page_that_is_not_ours_or_holds_a_secret_is_not_kept(operator, forged):
    make_subject()
    client = logged_in(operator)
    assert 'name="de" value' not in client.get(NEW, {"sujet": "panne", "de": forged}).text
    client.post(NEW, typed(de=forged, incident="<script>"))
    ticket = Ticket.objects.get()
    assert (ticket.page, ticket.incident) == ("", "")


def test_the_page_before_is_kept_when_the_link_does_not_say_it(operator):
    make_subject()
    answer = logged_in(operator).get(START, headers={"referer": "http://testserver/distrilog/?a=b"})
    assert 'name="de" value="/distrilog/"' in answer.text
    away = logged_in(operator).get(START, headers={"referer": "http://ailleurs.example/distrilog/"})
    assert 'name="de"' not in away.text


def test_what_is_typed_is_kept_and_the_images_are_asked_again(operator):
    make_subject()
    sent = typed(message="", objet="Une phrase gardée", captures=[photo()])
    answer = logged_in(operator).post(NEW, sent)
    assert answer.status_code == 422
    assert_sound_html(answer)
    text = text_of(answer)
    assert "Une phrase gardée" in text
    assert "choisissez-les de nouveau" in text
    assert not Ticket.objects.exists()


HOSTILE = {
    "html": b"<html><script>alert(1)</script>",
    "zip": b"PK\x03\x04 un classeur",
    "cut": picture()[:400],
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "empty png": b"\x89PNG\r\n\x1a\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_an_image_is_refused_by_its_name(operator, content):
    make_subject()
    sent = typed(captures=[photo(), photo(content, "ecran.png", "image/png")])
    answer = logged_in(operator).post(NEW, sent)
    assert answer.status_code == 422
    assert "ecran.png : Ce fichier n’est pas une photo lisible" in text_of(answer)
    assert not Ticket.objects.exists()


def test_an_image_that_is_also_something_else_is_drawn_again(operator):
    make_subject()
    polyglot = picture(kind="PNG") + b"<script>alert(1)</script>PK\x03\x04"
    logged_in(operator).post(NEW, typed(captures=[photo(polyglot, "a.php")]))
    shot = Screenshot.objects.get()
    assert bytes(shot.content).startswith(b"\xff\xd8")
    assert b"script" not in bytes(shot.content)
    answer = logged_in(operator).get(reverse("support:screenshot", args=[shot.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("case", ["many", "heavy", "large"])
def test_too_many_or_too_large_images_are_refused(operator, case):
    make_subject()
    files = {
        "many": [photo(), photo(), photo(), photo()],
        "heavy": [photo(b"\xff\xd8" + b"\x00" * HEAVIEST)],
        "large": [photo(picture((6_500, 6_300), "PNG"))],
    }[case]
    answer = logged_in(operator).post(NEW, typed(captures=files))
    assert answer.status_code == 422
    said = {"many": "3 images au plus", "heavy": "trop lourde", "large": "trop de points"}[case]
    assert said in text_of(answer)


def test_sent_twice_it_is_one_request(operator):
    make_subject()
    client, sent = logged_in(operator), typed()
    first, second = client.post(NEW, sent), client.post(NEW, sent)
    assert Ticket.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_the_form_of_another_opens_nothing_more(operator, agent):
    """A token seen by somebody else gives them neither the request nor its address."""
    make_subject()
    sent = typed()
    logged_in(operator).post(NEW, sent)
    answer = logged_in(agent).post(NEW, sent)
    assert answer.status_code == 422
    assert "a déjà servi" in text_of(answer)
    theirs = visitor(jeton=sent["jeton"])
    assert Client().post(NEW, theirs).status_code == 422
    assert Ticket.objects.count() == 1


def test_a_visitor_asks_and_is_given_a_link_of_their_own():
    make_subject()
    site = make_establishment(department=make_department("35", region=make_region("53")))
    page = Client().get(NEW, {"sujet": "panne"})
    assert_sound_html(page)
    sent = visitor(nom="Alix", identifiant="a.martin", etablissement=f"EHPAD, {site.finess_text}")
    answer = Client().post(NEW, sent, follow=True)
    ticket = Ticket.objects.get()
    assert ticket.number in text_of(answer)
    assert (ticket.opened_by, ticket.name, ticket.identifier) == (None, "Alix", "a.martin")
    assert (ticket.finess, ticket.region_id, ticket.place) == (site.finess, "53", str(site))
    told = next(one for one in mail.outbox if one.to == ["Alix@ch.example"])
    assert "/aide/contact/suivi/" in told.body


def test_a_visitor_has_only_the_subjects_that_need_no_account(operator):
    make_subject()
    make_subject("factures", label="Factures", is_for_visitors=False)
    assert "Factures" not in Client().get(START).text
    assert "Factures" in logged_in(operator).get(START).text
    assert Client().post(NEW, visitor(sujet="factures")).status_code == 302
    assert not Ticket.objects.exists()


def test_a_subject_says_who_will_answer_even_before_the_region_is_known(operator):
    make_subject("droits", service="ars")
    assert "L’ARS de votre région" in text_of(Client().get(START))
    told = text_of(logged_in(operator).get(START))
    assert "L’ARS de votre région" not in told
    assert "L’ars Centre-Val de Loire" in told


def test_the_page_never_tells_whether_an_account_exists(operator):
    """The same answer for the address of an account and for that of nobody."""
    make_subject()
    pages = []
    for address in (operator.email, "personne@nulle-part.example"):
        answer = Client().post(NEW, visitor() | {"courriel": address}, follow=True)
        ticket = Ticket.objects.get(email=address)
        text = text_of(answer).replace(ticket.number, "").replace(address, "")
        pages.append(re.sub(r'value="[^"]*"|suivi/[^/"]*|/\d+|\w{12}', "", text))
        assert ticket.opened_by is None
    assert pages[0] == pages[1]


def test_what_robots_fill_is_refused_with_a_sentence():
    make_subject()
    answer = Client().post(NEW, visitor(site="https://spam.example"))
    assert answer.status_code == 422
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("seal", ["", "vu:faux:faux"])
def test_a_form_that_we_did_not_show_is_shown_again(seal):
    make_subject()
    answer = Client().post(NEW, visitor() | {"vu": seal})
    assert answer.status_code == 422
    assert "envoyez de nouveau" in text_of(answer)
    fresh = answer.context["form"]["vu"].value()
    assert fresh != seal
    assert Client().post(NEW, visitor() | {"vu": fresh}).status_code == 302


def test_what_is_sent_in_less_than_three_seconds_was_not_read(monkeypatch):
    make_subject()
    monkeypatch.setattr(traps, "QUICKEST", timedelta(seconds=3))
    answer = Client().post(NEW, visitor())
    assert "Envoyé trop vite" in text_of(answer)
    assert not Ticket.objects.exists()


def test_a_visitor_who_sends_many_is_told_when_to_come_back():
    make_subject()
    for _ in range(5):
        assert Client().post(NEW, visitor()).status_code == 302
    answer = Client().post(NEW, visitor(message="Un sixième message gardé"))
    assert answer.status_code == 429
    assert "Réessayez" in text_of(answer)
    assert "Un sixième message gardé" in text_of(answer)
    assert Client().post(NEW, visitor() | {"courriel": "autre@ch.example"}).status_code == 302
    assert Ticket.objects.count() == 6


def test_a_person_logged_in_has_a_limit_of_their_own(operator, agent, monkeypatch):
    make_subject()
    few = traps.FailureLimit("contact_person_few", ((1, 3600),))
    monkeypatch.setattr(opening, "BY_PERSON", few)
    assert [logged_in(operator).post(NEW, typed()).status_code for _ in range(2)] == [302, 429]
    assert logged_in(agent).post(NEW, typed()).status_code == 302


def test_a_network_and_the_whole_country_have_their_limits_too(monkeypatch):
    make_subject()
    few = traps.FailureLimit("contact_address_few", ((2, 600),))
    monkeypatch.setattr(traps, "BY_ADDRESS", few)
    statuses = [
        Client().post(NEW, visitor() | {"courriel": f"a{one}@ch.example"}).status_code
        for one in range(3)
    ]
    assert statuses == [302, 302, 429]
    monkeypatch.setattr(traps, "BY_ADDRESS", traps.FailureLimit("contact_other", ((99, 600),)))
    monkeypatch.setattr(traps, "IN_ALL", traps.FailureLimit("contact_one", ((1, 600),)))
    for wanted in (302, 429):
        sent = visitor() | {"courriel": f"{uuid.uuid4()}@ch.example"}
        assert Client().post(NEW, sent).status_code == wanted


@pytest.mark.parametrize(
    ("field", "value"),
    [("message", "court"), ("message", "a" * 5001), ("objet", ""), ("courriel", "pas une adresse"),
     ("jeton", "pas un jeton"), ("message", "a\x00b" * 10), ("region", "99")],
)  # fmt: skip
def test_bad_input_is_refused_and_writes_nothing(field, value):
    make_subject()
    assert Client().post(NEW, visitor() | {field: value}).status_code == 422
    assert not Ticket.objects.exists()


def test_a_subject_that_is_gone_leads_back_to_the_list(operator):
    subject = make_subject()
    subject.is_open = False
    subject.save()
    answer = logged_in(operator).post(NEW, typed(), follow=True)
    assert answer.redirect_chain[0][0].startswith(START)
    assert not Ticket.objects.exists()


def test_a_help_text_is_printed_as_text(operator):
    make_subject(help_text="<img src=x onerror=alert(1)>")
    answer = logged_in(operator).get(NEW, {"sujet": "panne"})
    assert "<img src=x" not in answer.text


def test_what_people_write_is_printed_as_text(operator, agent):
    ticket = make_ticket(operator, text="<script>alert(1)</script> bonjour", title="<b>gras</b>")
    for client, name in ((logged_in(operator), "ticket"), (logged_in(agent), "inbox_ticket")):
        answer = client.get(reverse(f"support:{name}", args=[ticket.pk]))
        assert_sound_html(answer)
        assert "<script>alert" not in answer.text
        assert "<b>gras" not in answer.text


def test_a_refused_visitor_takes_no_place_of_their_network(monkeypatch):
    """Refused for the mailbox, the others of the hospital still write."""
    make_subject()
    monkeypatch.setattr(traps, "BY_ADDRESS", traps.FailureLimit("contact_three", ((3, 600),)))
    monkeypatch.setattr(traps, "BY_MAILBOX", traps.FailureLimit("contact_once", ((1, 600),)))
    statuses = [Client().post(NEW, visitor()).status_code for _ in range(4)]
    assert statuses == [302, 429, 429, 429]
    for one in range(2):
        answer = Client().post(NEW, visitor() | {"courriel": f"b{one}@ch.example"})
        assert answer.status_code == 302
