"""Who is told of what, when, and how they stop it."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import SentMail
from accounts.notices.mails import write
from support.forum import letters
from support.forum.announcing import ANNOUNCE
from support.forum.unfollowing import followed_by, unfollow_token
from support.models import ForumFollow, ForumReader
from support.services.forum.following import follow, set_pace, unfollow
from support.services.forum.moderation import merge_topics
from support.services.forum.reports import hide_post, show_post
from support.services.forum.restrictions import restrict
from support.tasks.forum import announce_forum_post, send_forum_digests
from tests.builders import make_user
from tests.support.forum.builders import make_answer, make_moderator, make_theme, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """The letters as they would leave."""
    found = []
    monkeypatch.setattr(letters, "queue_letter", lambda letter, lasts: found.append(letter))
    return found


class Context:
    def __init__(self, number):
        self.job = type("Job", (), {"id": number})


def announce(post, job=1):
    announce_forum_post(Context(job), post=post.pk)


def told(sent):
    return {letter.to for letter in sent}


def test_who_asked_is_told_of_an_answer_and_who_answers_is_not(sent):
    topic = make_topic(camille := make_user())
    announce(make_answer(topic, make_user()))

    assert told(sent) == {camille.email}
    assert sent[0].context["is_question"] is False


def test_one_is_not_told_of_what_one_writes(sent):
    topic = make_topic(camille := make_user())

    announce(make_answer(topic, camille))

    assert sent == []


def test_who_follows_a_theme_is_told_of_its_questions_not_of_each_answer(sent):
    theme, referent = make_theme(), make_user()
    follow(by=referent, what=theme)
    topic = make_topic(theme=theme)

    announce(topic.posts.get())
    assert told(sent) == {referent.email}

    sent.clear()
    announce(make_answer(topic), job=2)
    assert told(sent) == {topic.opened_by.email}


def test_who_follows_both_is_told_once(sent):
    theme, topic = make_theme(), make_topic()
    topic.theme = theme
    topic.save()
    follow(by=(referent := make_user()), what=theme)
    follow(by=referent, what=topic)

    announce(topic.posts.get())

    assert [one.to for one in sent] == [referent.email]


@pytest.mark.parametrize("pace", ["daily", "never"])
def test_who_chose_otherwise_is_not_told_at_once(pace, sent):
    topic = make_topic(camille := make_user())
    set_pace(by=camille, pace=pace)

    announce(make_answer(topic))

    assert sent == []


def test_a_closed_account_is_told_of_nothing(sent):
    topic = make_topic(camille := make_user())
    camille.is_active = False
    camille.save()

    announce(make_answer(topic))

    assert sent == []


def test_a_post_hidden_meanwhile_is_told_to_nobody(sent):
    post = make_answer(make_topic())
    hide_post(by=make_moderator(), post=post, reason="Un nom.")
    sent.clear()

    announce(post)

    assert sent == []


def test_a_job_done_twice_tells_once(sent):
    post = make_answer(make_topic())

    announce(post)
    announce(post)

    assert len(sent) == 1
    assert SentMail.objects.filter(job=1).exists()


def test_a_post_queues_its_announcement():
    post = make_answer(make_topic())

    jobs = ProcrastinateJob.objects.filter(task_name=ANNOUNCE)
    assert [one.args for one in jobs.order_by("pk")][-1] == {"post": post.pk}


def test_the_mail_holds_the_title_and_no_word_of_the_text(sent):
    topic = make_topic(title="Où déclarer les gants ?", text="SECRET-QUESTION")
    announce(make_answer(topic, text="SECRET-REPONSE"))

    [letter] = sent
    written = letters_written(letter)
    assert "Où déclarer les gants ?" in written
    assert "SECRET" not in written
    assert "/aide/agora/desabonnement/" in written


def letters_written(letter):
    message = write(letter.template, letter.to, letter.context)
    return f"{message.subject}\n{message.body}"


def test_a_daily_mail_tells_what_came_since_the_last_one(sent):
    theme, topic = make_theme(), make_topic(title="Ma question ancienne")
    camille = make_user()
    follow(by=camille, what=topic)
    follow(by=camille, what=theme)
    set_pace(by=camille, pace="daily")
    make_answer(topic), make_answer(topic), make_answer(topic, camille)
    fresh = make_topic(theme=theme, title="Une question nouvelle")

    send_forum_digests(0)
    send_forum_digests(0)

    [letter] = sent
    assert letter.to == camille.email
    lines = {one["title"]: (one["is_new"], one["answers"]) for one in letter.context["topics"]}
    assert lines == {"Ma question ancienne": (False, 2), fresh.title: (True, 0)}
    assert "2 sujets à lire" in letters_written(letter).replace("\u00a0", " ")


def test_what_is_written_under_a_hidden_question_is_told_to_nobody(sent):
    topic, camille = make_topic(), make_user()
    follow(by=camille, what=topic)
    set_pace(by=camille, pace="daily")
    post = make_answer(topic)
    hide_post(by=make_moderator(), post=topic.posts.get(is_question=True), reason="Un nom.")
    sent.clear()

    send_forum_digests(0)
    announce(post)

    assert sent == []


def test_a_daily_mail_tells_nothing_of_what_came_before_it_was_chosen(sent):
    topic = make_topic(camille := make_user())
    make_answer(topic)
    set_pace(by=camille, pace="daily")

    send_forum_digests(0)

    assert sent == []


def test_a_closed_account_receives_no_daily_mail(sent):
    topic = make_topic(camille := make_user())
    set_pace(by=camille, pace="daily")
    make_answer(topic)
    camille.is_active = False
    camille.save()

    send_forum_digests(0)

    assert sent == []


def test_nothing_new_is_no_mail(sent):
    set_pace(by=(camille := make_user()), pace="daily")
    follow(by=camille, what=make_topic())
    ForumReader.objects.update(digest_at=timezone.now() + timedelta(minutes=1))

    send_forum_digests(0)

    assert sent == []


def test_the_author_of_a_hidden_post_is_told_why_and_when_it_is_back(sent):
    post = make_answer(make_topic())
    support = make_moderator()

    hide_post(by=support, post=post, reason="Le nom d’un résident.")
    show_post(by=support, post=post)

    assert [(one.template, one.to) for one in sent] == [
        ("forum_hidden", post.by.email),
        ("forum_shown", post.by.email),
    ]
    assert "Le nom d’un résident." in letters_written(sent[0])
    letters_written(sent[1])


def test_a_person_in_read_only_is_told_until_when_and_why(sent):
    nadia = make_user()

    restrict(by=make_moderator(), person=nadia, until=timezone.localdate(), reason="Propos vifs.")

    assert sent[0].to == nadia.email
    assert "Propos vifs." in letters_written(sent[0])


def test_the_link_of_a_mail_stops_that_subscription_and_no_other(client):
    topic = make_topic(camille := make_user())
    other = make_topic(camille)
    found = ForumFollow.objects.get(user=camille, topic=topic)
    address = reverse("support:forum_unfollow", args=[unfollow_token(found)])

    assert "Ne plus recevoir de courriel" in client.get(address).content.decode()
    assert ForumFollow.objects.filter(pk=found.pk).exists()

    assert "C’est fait" in client.post(address).content.decode()
    assert list(ForumFollow.objects.filter(user=camille).values_list("topic", flat=True)) == [
        other.pk
    ]
    assert "n’existe plus" in client.post(address).content.decode()


def test_the_link_of_a_daily_mail_stops_the_mails_and_keeps_what_one_follows(client, sent):
    topic = make_topic(camille := make_user())
    set_pace(by=camille, pace="daily")
    make_answer(topic)
    send_forum_digests(0)
    address = urlsplit(sent[0].context["stop"]).path
    assert sent[0].context["stop"] in letters_written(sent[0])

    assert "le résumé du jour" in client.get(address).content.decode()
    assert ForumReader.objects.get(pk=camille.pk).pace == "daily"

    assert "C’est fait" in client.post(address).content.decode()
    assert ForumReader.objects.get(pk=camille.pk).pace == "never"
    assert ForumFollow.objects.filter(user=camille, topic=topic).exists()
    assert "n’existe plus" in client.post(address).content.decode()


@pytest.mark.parametrize("token", ["jeton", "1:abc", "x" * 500])
def test_a_link_made_by_hand_stops_nothing(client, token):
    make_topic()

    answer = client.post(reverse("support:forum_unfollow", args=[token]))

    assert "n’existe plus" in answer.content.decode()
    assert ForumFollow.objects.count() == 1
    assert followed_by(token) is None


def test_following_twice_is_once_and_ends_at_once():
    topic, camille = make_topic(), make_user()
    for _ in range(2):
        follow(by=camille, what=topic)
    assert topic.follows.filter(user=camille).count() == 1

    unfollow(by=camille, what=topic)
    assert not topic.follows.filter(user=camille).exists()


def test_a_merged_topic_is_told_where_its_posts_went(sent):
    gone, kept = make_topic(camille := make_user()), make_topic()
    merge_topics(by=make_moderator(), topic=gone, into=kept)

    announce(make_answer(kept))

    assert camille.email in told(sent)
    assert mail.outbox == []
