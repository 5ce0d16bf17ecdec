"""The words of the site: written without a deployment, each version kept, ours taken again."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.urls import reverse

from journal.models import Entry
from support.models import TextVersion
from support.services.texts import TextError, write_text
from support.texts.known import KNOWN
from tests.builders import make_person
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
LEGAL = "mentions-editeur"


@pytest.fixture
def writer(client_for):
    return client_for("SUP")


def page():
    return reverse("texts:text", args=[LEGAL])


def last():
    found = TextVersion.objects.filter(slug=LEGAL).first()
    return found.pk if found else None


def test_each_part_is_named_by_one_page_and_each_name_is_known():
    sources = [path.read_text() for path in Path(settings.BASE_DIR, "templates").rglob("*.html")]
    used = [slug for text in sources for slug in re.findall(r'{% text "([\w-]+)" %}', text)]
    assert sorted(used) == sorted(one.slug for one in KNOWN)


def test_without_a_version_the_page_says_ours(client):
    assert "est un logiciel libre" in client.get(reverse("legal_notice")).content.decode()


def test_what_is_written_replaces_ours_at_once(writer, client):
    writer.post(page(), {"body": "Ministère **de la santé**", "seen": ""})
    body = client.get(reverse("legal_notice")).content.decode()
    assert "Ministère <strong>de la santé</strong>" in body
    assert "est un logiciel libre" not in body
    entry = Entry.objects.get(verb="text.changed")
    assert (entry.target, entry.details["after"]) == ("Éditeur", "Ministère **de la santé**")


def test_a_blank_text_brings_ours_back(writer, client):
    writer.post(page(), {"body": "Un éditeur", "seen": ""})
    writer.post(page(), {"body": "  ", "seen": str(last())})
    assert "est un logiciel libre" in client.get(reverse("legal_notice")).content.decode()
    assert TextVersion.objects.count() == 2


def test_one_looks_before_keeping(writer):
    response = writer.post(page(), {"body": "**Vu**", "seen": "", "voir": "oui"})
    assert "<strong>Vu</strong>" in response.content.decode()
    assert not TextVersion.objects.exists()


def test_no_script_comes_through(writer, client):
    writer.post(page(), {"body": "<script>alert(1)</script> [x](javascript:alert(1))", "seen": ""})
    body = client.get(reverse("legal_notice")).content.decode()
    assert "<script>alert" not in body
    assert 'href="javascript' not in body


def test_two_people_at_once_the_second_is_told_and_loses_nothing(writer):
    write_text(by=make_person("NAT"), slug=LEGAL, body="Le premier", seen=None)
    response = writer.post(page(), {"body": "Le second", "seen": ""})
    assert response.status_code == 422
    assert "a changé pendant que vous écriviez" in response.content.decode()
    assert "Le second" in response.content.decode()
    assert TextVersion.objects.count() == 1


def test_the_same_text_twice_is_one_version(writer):
    write_text(by=writer.user, slug=LEGAL, body="Le même", seen=None)
    with pytest.raises(TextError, match="déjà celui-là"):
        write_text(by=writer.user, slug=LEGAL, body="Le même\r\n", seen=last())


def test_an_earlier_version_is_taken_again_into_the_form(writer):
    first = write_text(by=writer.user, slug=LEGAL, body="Le premier", seen=None)
    write_text(by=writer.user, slug=LEGAL, body="Le second", seen=first.pk)
    response = writer.get(page(), {"reprendre": first.pk})
    assert_sound_html(response)
    assert response.context["form"].initial["body"] == "Le premier"


def test_a_text_too_long_is_refused_with_its_length(writer):
    response = writer.post(page(), {"body": "a" * 10_001, "seen": ""})
    assert response.status_code == 422
    assert not TextVersion.objects.exists()


def test_a_part_that_no_page_has_is_not_found(writer):
    assert writer.get(reverse("texts:text", args=["ailleurs"])).status_code == 404


@pytest.mark.parametrize("code", ["ARA", "APE", "TEC", "AUD"])
def test_only_those_who_write_the_help_write_the_texts(client_for, code):
    assert client_for(code).get(reverse("texts:texts")).status_code == 403


def test_the_list_says_who_changed_what(writer):
    write_text(by=writer.user, slug=LEGAL, body="Un éditeur", seen=None)
    response = writer.get(reverse("texts:texts"))
    assert_sound_html(response)
    assert f"par {writer.user.get_full_name()}" in response.content.decode()


def test_without_a_base_the_page_says_ours(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("connection failed")

    monkeypatch.setattr(TextVersion.objects, "filter", refuse)
    assert "est un logiciel libre" in client.get(reverse("legal_notice")).content.decode()


def test_a_message_to_chosen_people_is_written_elsewhere(writer):
    body = writer.get(reverse("texts:texts")).content.decode()
    assert f'<a href="{reverse("steering:messages")}">messages</a>' in body
