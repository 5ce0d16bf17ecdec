"""Asking, answering: by whom, once, and signed as what."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Domain, Role
from common.photos import Drawn
from journal.models import Entry
from support.models import ForumFollow, ForumPost, ForumReader, ForumTheme, ForumTopic
from support.services.forum.errors import ForumError
from support.services.forum.moderation import close_topic, merge_topics
from support.services.forum.posts import answer, open_topic
from support.services.forum.reports import hide_post, report_post
from support.services.forum.rules import PACE
from tests.builders import (
    grant,
    make_body,
    make_establishment,
    make_person,
    make_profile,
    make_user,
)
from tests.locks import before_another
from tests.support.forum.builders import (
    make_answer,
    make_moderator,
    make_theme,
    make_topic,
    written,
)

pytestmark = pytest.mark.django_db


def test_a_question_is_a_topic_and_its_first_post():
    camille = make_person("OIE", on=make_establishment(name="EHPAD Les Tilleuls"))

    topic = make_topic(camille, text="Bonjour,\r\noù est la ligne ?")

    post = topic.posts.get()
    assert (post.is_question, post.text, post.by) == (True, "Bonjour,\noù est la ligne ?", camille)
    assert post.entity == "EHPAD Les Tilleuls"
    assert post.role == "Opérateur d’inventaire EPI"
    assert post.badge == ""
    entry = Entry.objects.get(verb="support.topic_opened")
    assert (entry.by, entry.target) == (camille, topic.title)


def test_a_person_without_a_profile_signs_with_their_name_alone():
    post = make_topic(make_user()).posts.get()

    assert (post.entity, post.role, post.badge) == ("", "", "")


@pytest.mark.parametrize(
    ("code", "badge"),
    [("SUP", "support"), ("NAT", "national"), ("ARA", "ars"), ("ARL", ""), ("GF", ""), ("TEC", "")],
)
def test_support_the_national_cell_and_an_ars_answer_officially(code, badge):
    assert make_answer(make_topic(), make_person(code)).badge == badge


def test_the_signature_is_that_of_the_profile_in_use():
    person = make_person("SUP")
    other = make_profile(person, make_establishment())
    grant(other, Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
    person.forget_rights()
    person.chosen_profile_id = other.pk

    post = make_answer(make_topic(), person)

    assert (post.badge, post.entity) == ("", str(other.entity))


def test_what_somebody_was_when_they_wrote_does_not_change():
    person = make_person("ARA", on=None)
    post = make_answer(make_topic(), person)
    person.active_profile.habilitations.all().delete()

    post.refresh_from_db()
    assert (post.badge, post.entity) == ("ars", str(make_body("ars", region=post_region(person))))


def post_region(person):
    return person.profiles.get().body.region


def test_the_same_form_sent_twice_is_one_question():
    camille, theme, token = make_user(), make_theme(), uuid.uuid4()

    first, second = (
        open_topic(
            by=camille, theme=theme, title="Où sont les gants ?", written=written(token=token)
        )
        for _ in range(2)
    )

    assert first == second
    assert ForumPost.objects.count() == 1
    assert Entry.objects.filter(verb="support.topic_opened").count() == 1


def test_the_same_form_sent_twice_is_one_answer():
    topic, camille, token = make_topic(), make_user(), uuid.uuid4()

    first, second = (
        answer(by=camille, topic=topic, written=written(token=token)) for _ in range(2)
    )

    assert first == second
    assert topic.posts.count() == 2


def test_the_token_of_somebody_else_writes_nothing_of_theirs():
    topic, token = make_topic(), uuid.uuid4()
    first = make_answer(topic, token=token)

    second = make_answer(topic, token=token)

    assert first.pk != second.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        ForumPost.objects.filter(pk=second.pk).update(by=first.by)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_question():
    camille, theme, token = make_user(), make_theme(), uuid.uuid4()
    ForumReader.objects.create(user=camille)
    asked = {"theme": theme, "title": "Où sont les gants ?", "written": written(token=token)}

    with before_another(lambda: open_topic(by=camille, **asked)):
        first = open_topic(by=camille, **asked)

    assert ForumTopic.objects.get() == first


@pytest.mark.parametrize("title", ["", "   ", "Gants", "x" * 151, "\x00" * 20])
def test_a_title_is_a_sentence(title):
    with pytest.raises(ForumError, match="de 8 à 150 signes"):
        make_topic(title=title)
    assert not ForumTopic.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n ", "\x00", "a"])
def test_an_empty_text_is_not_published(text):
    with pytest.raises(ForumError, match="Écrivez votre message"):
        make_topic(text=text)
    assert not ForumTopic.objects.exists()


def test_a_text_too_long_says_by_how_much():
    with pytest.raises(ForumError, match="compte 10001 signes"):
        make_topic(text="é" * 10_001)


def test_nobody_asks_in_an_archived_theme():
    theme = make_theme(archived_at=timezone.now())

    with pytest.raises(ForumError, match="Ce thème est archivé"):
        make_topic(theme=theme)


def test_a_closed_topic_is_answered_by_those_who_moderate_alone():
    topic, support = make_topic(), make_moderator()
    close_topic(by=support, topic=topic)

    with pytest.raises(ForumError, match="vient d’être clos"):
        make_answer(topic)
    assert make_answer(topic, support).topic == topic


def test_a_hidden_question_is_not_answered():
    topic = make_topic()
    hide_post(by=make_moderator(), post=topic.posts.get(), reason="Nom d’un résident.")

    with pytest.raises(ForumError, match="n’est plus affichée"):
        make_answer(topic)


def test_an_answer_to_a_topic_merged_meanwhile_goes_where_its_posts_went():
    topic, other = make_topic(), make_topic()
    merge_topics(by=make_moderator(), topic=topic, into=other)

    assert make_answer(topic).topic == other


def test_an_answer_moves_its_topic_to_the_head_of_the_list():
    topic = make_topic(now=timezone.now() - timedelta(days=3))
    post = make_answer(topic)

    topic.refresh_from_db()
    assert topic.last_post_at == post.at


def test_one_follows_what_one_asks_or_answers_unless_one_says_no():
    topic = make_topic(camille := make_user())
    make_answer(topic, nadia := make_user())
    make_answer(topic, make_user(), follows=False)

    followers = ForumFollow.objects.filter(topic=topic).values_list("user", flat=True)
    assert set(followers) == {camille.pk, nadia.pk}


def test_a_screenshot_is_kept_with_its_post():
    post = make_answer(make_topic(), image=Drawn(b"jpeg", 20, 10))

    assert (bytes(post.image.content), post.image.width) == (b"jpeg", 20)


def test_after_many_posts_in_an_hour_one_waits_and_the_others_do_not():
    camille, topic = make_user(), make_topic()
    places, _ = PACE.windows[0]
    for _ in range(places):
        make_answer(topic, camille)

    with pytest.raises(ForumError, match="Le prochain pourra partir à"):
        make_answer(topic, camille)
    assert make_answer(topic).pk
    assert topic.posts.filter(by=camille).count() == places


def test_twenty_messages_an_hour_and_a_hundred_a_day():
    assert PACE.windows == ((20, 3600), (100, 24 * 3600))


def test_reports_count_among_the_messages_of_the_hour():
    camille, topic = make_user(), make_topic()
    posts = [make_answer(topic) for _ in range(PACE.windows[0][0] + 1)]
    for post in posts[1:]:
        report_post(by=camille, post=post, reason="harsh")

    with pytest.raises(ForumError, match="Le prochain pourra partir à"):
        report_post(by=camille, post=posts[0], reason="harsh")


def test_a_refused_post_takes_no_place():
    camille, topic = make_user(), make_topic()
    for _ in range(PACE.windows[0][0] + 1):
        with pytest.raises(ForumError, match="Écrivez"):
            make_answer(topic, camille, text="")

    assert make_answer(topic, camille).pk


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"solution_at": timezone.now()},
        {"hidden_at": timezone.now()},
        {"hidden_reason": "Pourquoi"},
    ],
)
def test_the_database_refuses_a_post_that_cannot_be(change):
    post = make_answer(make_topic())

    with pytest.raises(IntegrityError), transaction.atomic():
        ForumPost.objects.filter(pk=post.pk).update(**change)


def test_a_topic_has_one_question_and_one_solution():
    topic = make_topic()
    make_answer(topic), make_answer(topic)
    answers = topic.posts.filter(is_question=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        answers.update(is_question=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        answers.update(solution_at=timezone.now(), solution_by=topic.opened_by)


def test_two_themes_do_not_have_the_same_title():
    make_theme(title="Gants")

    with pytest.raises(IntegrityError), transaction.atomic():
        ForumTheme.objects.create(title="GANTS", description="Bis")
