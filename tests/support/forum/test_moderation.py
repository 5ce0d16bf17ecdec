"""Reports, hidden posts, topics put in order, people who only read: by support alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from journal.models import Entry
from support.models import ForumFollow, ForumReader, ForumTopic
from support.services.forum.errors import ForumError
from support.services.forum.following import follow
from support.services.forum.moderation import (
    close_topic,
    describe_topic,
    merge_topics,
    pin_topic,
    reopen_topic,
)
from support.services.forum.reports import hide_post, keep_post, report_post, show_post
from support.services.forum.restrictions import free, restrict
from support.services.forum.solutions import mark_solution, unmark_solution
from support.services.forum.themes import (
    KNOWN,
    archive_theme,
    load_themes,
    move_theme,
    save_theme,
)
from support.services.forum.votes import vote
from tests.builders import make_person, make_user
from tests.support.forum.builders import make_answer, make_moderator, make_theme, make_topic

pytestmark = pytest.mark.django_db


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize("code", ["USR", "NAT", "ARA", "TEC", "AUD"])
def test_support_alone_moderates(code):
    person, topic, theme = make_person(code), make_topic(), make_theme()
    post = make_answer(topic)
    acts = [
        lambda: hide_post(by=person, post=post, reason="Parce que."),
        lambda: show_post(by=person, post=post),
        lambda: keep_post(by=person, post=post),
        lambda: close_topic(by=person, topic=topic),
        lambda: reopen_topic(by=person, topic=topic),
        lambda: pin_topic(by=person, topic=topic, is_pinned=True),
        lambda: describe_topic(by=person, topic=topic, title="Un autre titre", theme=theme),
        lambda: merge_topics(by=person, topic=topic, into=make_topic()),
        lambda: restrict(by=person, person=post.by, until=timezone.localdate(), reason="Non"),
        lambda: free(by=person, person=post.by),
        lambda: save_theme(by=person, title="Autre", description="Autre"),
        lambda: move_theme(by=person, theme=theme, up=True),
        lambda: archive_theme(by=person, theme=theme, is_archived=True),
    ]
    for act in acts:
        with pytest.raises(ForumError, match="L’assistance seule"):
            act()


# topics


def test_a_topic_is_moved_renamed_pinned_closed_and_opened_again(support):
    topic, theme = make_topic(), make_theme()

    describe_topic(by=support, topic=topic, title="Déclarer les gants", theme=theme)
    pin_topic(by=support, topic=topic, is_pinned=True)
    close_topic(by=support, topic=topic)
    topic.refresh_from_db()
    assert (topic.title, topic.theme, topic.is_pinned) == ("Déclarer les gants", theme, True)
    assert topic.closed_by == support

    reopen_topic(by=support, topic=topic)
    pin_topic(by=support, topic=topic, is_pinned=False)
    topic.refresh_from_db()
    assert (topic.closed_at, topic.closed_by, topic.is_pinned) == (None, None, False)
    assert [verb for verb in verbs() if verb.startswith("support.topic")][1:] == [
        "support.topic_moved",
        "support.topic_pinned",
        "support.topic_closed",
        "support.topic_reopened",
        "support.topic_unpinned",
    ]


def test_the_same_again_is_not_told_twice(support):
    topic = make_topic()
    for _ in range(2):
        close_topic(by=support, topic=topic)
        pin_topic(by=support, topic=topic, is_pinned=True)
        describe_topic(by=support, topic=topic, title=topic.title, theme=topic.theme)

    assert verbs().count("support.topic_closed") == verbs().count("support.topic_pinned") == 1
    assert "support.topic_moved" not in verbs()


def test_two_topics_become_one_with_their_posts_and_followers(support):
    kept, gone = make_topic(title="Où sont les gants ?"), make_topic(title="Les gants, où ?")
    answer = make_answer(gone, both := make_user())
    follow(by=both, what=kept)

    merge_topics(by=support, topic=gone, into=kept)

    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert gone.posts.count() == gone.follows.count() == 0
    assert kept.posts.filter(is_question=True).count() == 1
    assert answer in kept.posts.all()
    followers = set(ForumFollow.objects.filter(topic=kept).values_list("user", flat=True))
    assert followers == {kept.opened_by_id, gone.opened_by_id, both.pk}
    kept.refresh_from_db()
    assert kept.last_post_at == answer.at


@pytest.mark.parametrize("solved", ["both", "gone", "kept"])
def test_two_topics_merged_have_one_solution(solved, support):
    kept, gone = make_topic(), make_topic()
    answers = {"kept": make_answer(kept), "gone": make_answer(gone)}
    for name, post in answers.items():
        if solved in (name, "both"):
            mark_solution(by=support, post=post)

    merge_topics(by=support, topic=gone, into=kept)

    expected = answers["gone" if solved == "gone" else "kept"]
    assert kept.posts.get(solution_at__isnull=False) == expected


def test_a_topic_is_not_merged_into_itself(support):
    topic, other = make_topic(), make_topic()
    merge_topics(by=support, topic=topic, into=other)

    with pytest.raises(ForumError, match="déjà celui-là"):
        merge_topics(by=support, topic=topic, into=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        ForumTopic.objects.filter(pk=other.pk).update(merged_into=other)


# people who only read


def test_a_person_in_read_only_reads_and_does_not_write_until_the_day(support):
    nadia, topic = make_user(), make_topic()
    answered = make_answer(make_topic(nadia))
    today = timezone.localdate()

    restrict(by=support, person=nadia, until=today, reason="Propos déplacés.")

    for act in (
        lambda: make_answer(topic, nadia),
        lambda: make_topic(nadia),
        lambda: vote(by=nadia, post=topic.posts.get(), is_for=True),
        lambda: report_post(by=nadia, post=topic.posts.get(), reason="harsh"),
        lambda: mark_solution(by=nadia, post=answered),
        lambda: unmark_solution(by=nadia, post=answered),
    ):
        with pytest.raises(ForumError, match="Propos déplacés"):
            act()

    ForumReader.objects.filter(pk=nadia.pk).update(restricted_until=today - timedelta(days=1))
    assert make_answer(topic, nadia).pk


def test_writing_is_given_back_before_the_day(support):
    nadia = make_user()
    restrict(by=support, person=nadia, until=timezone.localdate(), reason="Propos déplacés.")

    free(by=support, person=nadia)
    free(by=support, person=nadia)

    assert make_topic(nadia).pk
    assert verbs().count("support.writer_freed") == 1


@pytest.mark.parametrize("days", [-1, 400])
def test_a_restriction_ends_within_the_year(days, support):
    until = timezone.localdate() + timedelta(days=days)

    with pytest.raises(ForumError, match="dans l’année"):
        restrict(by=support, person=make_user(), until=until, reason="Non")


def test_who_moderates_is_not_put_in_read_only(support):
    for person in (support, make_moderator()):
        with pytest.raises(ForumError, match="qui modère"):
            restrict(by=support, person=person, until=timezone.localdate(), reason="Non")


def test_nor_who_moderates_by_another_of_their_profiles(support):
    other = make_person("GF", user=make_moderator())
    other.chosen_profile_id = other.usable_profiles[-1].pk

    with pytest.raises(ForumError, match="qui modère"):
        restrict(by=support, person=other, until=timezone.localdate(), reason="Non")


# themes


def test_the_themes_of_the_start_are_loaded_once_and_never_over_what_somebody_changed(support):
    assert load_themes() == len(KNOWN)
    first = make_theme()
    save_theme(by=support, title="Autre nom", description="Autre texte", theme=first)

    assert load_themes() == 0


def test_a_theme_is_added_at_the_end_described_moved_archived(support):
    one, two = make_theme(), make_theme()
    three = save_theme(by=support, title="Masques ", description="Tout sur\nles masques")
    assert (three.title, three.description) == ("Masques", "Tout sur les masques")

    move_theme(by=support, theme=three, up=True)
    move_theme(by=support, theme=one, up=True)
    order = list(type(one).objects.values_list("pk", flat=True))
    assert order == [one.pk, three.pk, two.pk]

    archive_theme(by=support, theme=one, is_archived=True)
    assert one not in type(one).objects.open()
    archive_theme(by=support, theme=one, is_archived=False)
    assert one in type(one).objects.open()


def test_two_themes_do_not_bear_the_same_name(support):
    make_theme(title="Gants")

    with pytest.raises(ForumError, match="porte déjà ce titre"):
        save_theme(by=support, title="gants", description="Bis")


def test_a_theme_says_what_it_is_for(support):
    with pytest.raises(ForumError, match="Donnez un titre"):
        save_theme(by=support, title="Gants", description=" ")


def test_one_theme_stays_open(support):
    only = make_theme()

    with pytest.raises(ForumError, match="dernier thème ouvert"):
        archive_theme(by=support, theme=only, is_archived=True)
