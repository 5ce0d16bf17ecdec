"""What a person wrote is in the file of their own data; what others wrote is not."""

import io
import json
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.own_data import parts_of
from support.own_data import parts
from support.services.forum.following import follow
from support.services.forum.reports import hide_post, report_post
from support.services.forum.restrictions import restrict
from tests.builders import PASSWORD
from tests.support.forum.builders import make_answer, make_theme, make_topic

pytestmark = pytest.mark.django_db


def told(user):
    return {part.title: part.rows for part in parts(user)}


def test_the_file_holds_all_that_one_wrote_with_what_support_did_of_it(camille, support):
    topic = make_topic(title="Où déclarer les gants ?", text="Question d’une autre")
    post = make_answer(topic, camille, text="Ma réponse écrite")
    hide_post(by=support, post=post, reason="Le nom d’un résident.")
    report_post(by=camille, post=topic.posts.get(is_question=True), reason="harsh", note="Vif")
    follow(by=camille, what=make_theme(title="Entraide"))
    restrict(by=support, person=camille, until=timezone.localdate(), reason="Propos vifs.")

    found = told(camille)

    [row] = found["Messages dans Agora"]
    assert {"Ma réponse écrite", "Où déclarer les gants ?", "Le nom d’un résident."} <= set(row)
    assert found["Signalements dans Agora"][0][-1] == "Vif"
    assert "Entraide" in [row[-1] for row in found["Abonnements dans Agora"]]
    assert found["Lecture seule dans Agora"][0][-1] == "Propos vifs."
    assert "Question d’une autre" not in str(found)


def test_somebody_who_never_wrote_has_nothing_there(camille):
    make_answer(make_topic())

    assert [row for part in parts(camille) for row in part.rows] == []


def test_the_archive_that_one_takes_away_holds_them(client, camille):
    make_topic(camille, text="Ma question entière")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    answer = client.post(reverse("own_data"))

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    data = json.loads(archive.read("mes-donnees.json"))
    assert data["Messages dans Agora"][0]["Texte"] == "Ma question entière"
    assert "Ma question entière" in archive.read("mes-donnees.html").decode()


def test_what_is_told_in_words_is_not_counted_again_and_its_history_is_not_either(camille):
    make_answer(make_topic(camille), camille)

    elsewhere = dict(parts_of(camille)[-1].rows)

    assert "messages du forum (par)" not in elsewhere
    assert not any("pgh" in kind or "event" in kind for kind in elsewhere)
