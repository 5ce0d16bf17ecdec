"""Asking, and what one does of a post or a topic in one click."""

import pytest
from django.urls import reverse
from django.utils import timezone

from support.forum.finding import near
from support.models import ForumPost, ForumReport, ForumTopic
from tests.support.forum.builders import (
    make_answer,
    make_theme,
    make_topic,
    sent,
    text_of,
)

pytestmark = pytest.mark.django_db
FORUM = reverse("support:forum")
ASK = reverse("support:forum_ask")


def listed(client, **asked):
    return [row["topic"] for row in client.get(FORUM, asked).context["rows"]]


def test_a_question_begins_with_its_title_then_what_is_near(client):
    make_theme()
    topic = make_topic(title="Comment déclarer des gants ?")

    assert "en une phrase" in text_of(client.get(ASK))
    page = text_of(client.get(ASK, {"titre": "déclaration de gant stérile"}))

    assert topic.title in page
    assert "Ma question n’y est pas : continuer" in page
    assert "déclaration de gant stérile" in page


def test_without_anything_near_the_form_comes_at_once(client):
    page = client.get(ASK, {"titre": "Zyxwvut quelconque"})

    assert page.context["form"].initial["titre"] == "Zyxwvut quelconque"


def test_the_title_and_theme_stay_to_the_end(client):
    theme = make_theme()
    make_topic(title="Comment déclarer des gants ?")

    page = client.get(ASK, {"titre": "déclarer des gants", "theme": theme.pk, "suite": "1"})

    assert page.context["form"].initial["titre"] == "déclarer des gants"
    assert page.context["form"].initial["theme"] == theme.pk


@pytest.mark.parametrize("title", ["", "x" * 151])
def test_a_title_that_is_none_is_asked_again(client, title):
    assert client.get(ASK, {"titre": title}).status_code == 422


def test_a_question_is_published_with_its_theme(client, camille):
    theme = make_theme()

    answer = client.post(ASK, sent(titre="Où sont les gants ?", theme=theme.pk))

    topic = ForumTopic.objects.get()
    assert answer.url == topic.get_absolute_url()
    assert (topic.theme, topic.opened_by) == (theme, camille)


def test_a_refused_question_keeps_all_that_was_typed(client):
    theme = make_theme(archived_at=timezone.now())

    answer = client.post(ASK, sent("Mon texte", titre="Où sont les gants ?", theme=theme.pk))

    assert answer.status_code == 422
    for words in ("Mon texte", "Où sont les gants ?", "Choisissez un thème."):
        assert words in text_of(answer)


@pytest.mark.parametrize("broken", [{"jeton": "x"}, {"theme": "x"}, {"texte": "\x00"}, {}])
def test_a_form_made_by_hand_publishes_nothing(client, broken):
    make_theme()

    assert client.post(ASK, sent(titre="Où sont les gants ?") | broken).status_code == 422
    assert not ForumTopic.objects.exists()


def test_topics_near_a_title_are_those_that_share_its_words(camille):
    gloves = make_topic(title="Comment déclarer des gants ?")
    make_topic(title="Mon code PLAGE ne marche pas", text="Que faire ?")

    assert near(camille, "je veux déclarer une boîte de gants") == [gloves]
    assert near(camille, "le la les") == near(camille, "") == []


def test_a_topic_far_behind_the_nearest_is_not_shown(camille):
    """One word in passing is not the same question: who reads five that miss reads no sixth."""
    gloves = make_topic(title="Comment déclarer une boîte de gants en nitrile ?")
    passing = make_topic(title="Mon code PLAGE", text="Une boîte de courriel, peut-être.")

    assert near(camille, "déclarer une boîte de gants nitrile") == [gloves]
    assert near(camille, "un courriel") == [passing]


def test_one_click_counts_and_another_takes_it_back(client):
    post = make_topic().posts.get()
    address = reverse("support:forum_vote", args=[post.pk])

    client.post(address, {"choix": "oui"})
    assert "Moi aussi (1)" in text_of(client.get(post.topic.get_absolute_url()))
    client.post(address, {"choix": "non"})
    assert post.votes.count() == 0


def test_the_solution_is_chosen_by_who_asked(client, camille):
    post = make_answer(make_topic(camille))
    others = make_answer(make_topic())

    client.post(reverse("support:forum_solution", args=[post.pk]), {"choix": "oui"})
    assert ForumPost.objects.get(pk=post.pk).solution_by == camille
    client.post(reverse("support:forum_solution", args=[post.pk]), {"choix": "non"})
    assert ForumPost.objects.get(pk=post.pk).solution_at is None
    assert client.post(reverse("support:forum_solution", args=[others.pk])).status_code == 403


def test_a_post_is_reported_with_a_reason(client):
    post = make_answer(make_topic())
    address = reverse("support:forum_report", args=[post.pk])

    assert client.post(address, {}).status_code == 422
    client.post(address, {"motif": "personal", "precision": "Un nom"})

    assert ForumReport.objects.get().note == "Un nom"


def test_one_corrects_one_s_own_post_alone(client, camille):
    mine, other = make_answer(make_topic(), camille), make_answer(make_topic())

    assert client.get(reverse("support:forum_edit", args=[other.pk])).status_code == 403
    address = reverse("support:forum_edit", args=[mine.pk])
    assert client.post(address, {"texte": ""}).status_code == 422
    client.post(address, {"texte": "Mieux dit."})
    assert "modifié le" in text_of(client.get(mine.topic.get_absolute_url()))


def test_one_chooses_what_one_follows_and_when_one_is_told(client, camille):
    topic, theme = make_topic(), make_theme(title="Masques et gants")
    client.post(reverse("support:forum_topic_follow", args=[topic.pk]), {"choix": "oui"})
    client.post(reverse("support:forum_theme_follow", args=[theme.pk]), {"choix": "oui"})
    address = reverse("support:forum_follows")
    page = text_of(client.get(address))
    assert topic.title in page
    assert theme.title in page

    client.post(address, {"rythme": "daily"})
    camille.refresh_from_db()
    assert camille.forum_reader.pace == "daily"
    assert client.post(address, {"rythme": "x"}).status_code == 422

    client.post(reverse("support:forum_topic_follow", args=[topic.pk]), {"choix": "non"})
    client.post(reverse("support:forum_theme_follow", args=[theme.pk]), {"choix": "non"})
    assert not camille.forum_follows.exists()
