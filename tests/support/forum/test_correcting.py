"""A post is corrected by who wrote it, for a day, and it shows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from support.forum.finding import found
from support.models import ForumTopic
from support.services.forum.errors import ForumError
from support.services.forum.posts import edit_post
from support.services.forum.reports import hide_post
from support.services.forum.restrictions import restrict
from tests.builders import (
    make_user,
)
from tests.support.forum.builders import (
    make_answer,
    make_moderator,
    make_topic,
)

pytestmark = pytest.mark.django_db


def test_one_corrects_what_one_wrote_and_it_shows():
    camille = make_user()
    topic = make_topic(camille)

    post = edit_post(
        by=camille, post=topic.posts.get(), text="Mieux dit.", title="Où déclarer nos gants ?"
    )

    topic.refresh_from_db()
    assert (post.text, topic.title) == ("Mieux dit.", "Où déclarer nos gants ?")
    assert post.edited_at is not None
    assert Entry.objects.filter(verb="support.post_edited").count() == 1


def test_a_corrected_post_is_found_by_its_new_words_alone():
    camille = make_user()
    topic = make_topic(camille, title="Une question simple", text="Où sont les charlottes ?")

    edit_post(by=camille, post=topic.posts.get(), text="Où sont les calots ?", title=topic.title)

    assert list(found(ForumTopic.objects.all(), "calots")) == [topic]
    assert not found(ForumTopic.objects.all(), "charlottes")


def test_who_only_reads_corrects_nothing():
    camille = make_user()
    post = make_answer(make_topic(), camille)
    restrict(by=make_moderator(), person=camille, until=timezone.localdate(), reason="Vif.")

    with pytest.raises(ForumError, match="sans y écrire"):
        edit_post(by=camille, post=post, text="Autre chose.")


def test_the_same_text_again_is_no_correction():
    camille = make_user()
    topic = make_topic(camille)

    post = edit_post(by=camille, post=topic.posts.get(), text=topic.posts.get().text,
                     title=topic.title)  # fmt: skip

    assert post.edited_at is None
    assert not Entry.objects.filter(verb="support.post_edited").exists()


@pytest.mark.parametrize("who", ["other", "support"])
def test_nobody_else_corrects_it(who):
    post = make_answer(make_topic())
    person = make_moderator() if who == "support" else make_user()

    with pytest.raises(ForumError, match="par la personne qui l’a écrit"):
        edit_post(by=person, post=post, text="Autre chose.")


def test_after_a_day_it_stays_as_it_is():
    camille = make_user()
    post = make_answer(make_topic(), camille, now=timezone.now() - timedelta(hours=24, minutes=1))

    with pytest.raises(ForumError, match="pendant 24 heures"):
        edit_post(by=camille, post=post, text="Autre chose.")


def test_a_hidden_post_is_not_corrected():
    camille = make_user()
    post = make_answer(make_topic(), camille)
    hide_post(by=make_moderator(), post=post, reason="Un mot de passe.")

    with pytest.raises(ForumError, match="pendant 24 heures"):
        edit_post(by=camille, post=post, text="Autre chose.")
