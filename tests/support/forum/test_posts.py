"""The solution, opinions, reports, posts hidden: who may, once, and undone."""

import pytest

from journal.models import Entry
from support.forum.finding import found
from support.models import ForumReport, ForumTopic
from support.services.forum.errors import ForumError
from support.services.forum.reports import hide_post, keep_post, report_post, show_post
from support.services.forum.solutions import mark_solution, unmark_solution
from support.services.forum.votes import vote
from tests.builders import make_user
from tests.support.forum.builders import make_answer, make_topic

pytestmark = pytest.mark.django_db


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


# the solution


@pytest.mark.parametrize("who", ["author", "support"])
def test_who_asked_or_moderates_says_which_answer_is_the_solution(who, support):
    topic = make_topic()
    post = make_answer(topic)
    person = topic.opened_by if who == "author" else support

    mark_solution(by=person, post=post)
    mark_solution(by=person, post=post)

    post.refresh_from_db()
    assert (post.solution_at is not None, post.solution_by) == (True, person)
    assert verbs().count("support.solution_marked") == 1


def test_nobody_else_says_so_not_even_who_answered():
    post = make_answer(make_topic())

    with pytest.raises(ForumError, match="Qui a posé la question"):
        mark_solution(by=post.by, post=post)


def test_another_solution_takes_the_place_of_the_first():
    topic = make_topic()
    first, second = make_answer(topic), make_answer(topic)
    for post in (first, second):
        mark_solution(by=topic.opened_by, post=post)

    assert topic.posts.get(solution_at__isnull=False) == second


def test_it_can_be_undone():
    topic = make_topic()
    post = make_answer(topic)
    mark_solution(by=topic.opened_by, post=post)
    unmark_solution(by=topic.opened_by, post=post)
    unmark_solution(by=topic.opened_by, post=post)

    assert not topic.posts.filter(solution_at__isnull=False).exists()
    assert verbs().count("support.solution_unmarked") == 1


def test_the_question_is_not_its_own_solution():
    topic = make_topic()

    with pytest.raises(ForumError, match="une des réponses"):
        mark_solution(by=topic.opened_by, post=topic.posts.get())


def test_a_hidden_answer_is_no_solution_any_more(support):
    topic = make_topic()
    post = make_answer(topic)
    mark_solution(by=topic.opened_by, post=post)

    hide_post(by=support, post=post, reason="Un mot de passe.")

    assert not topic.posts.filter(solution_at__isnull=False).exists()
    with pytest.raises(ForumError, match="réponses affichées"):
        mark_solution(by=support, post=post)


# opinions


def test_an_opinion_counts_once_and_is_taken_back():
    post, nadia = make_topic().posts.get(), make_user()

    for _ in range(2):
        vote(by=nadia, post=post, is_for=True)
    assert post.votes.count() == 1

    for _ in range(2):
        vote(by=nadia, post=post, is_for=False)
    assert post.votes.count() == 0


def test_nobody_counts_for_a_post_that_is_no_longer_shown(support):
    post = make_answer(make_topic())
    hide_post(by=support, post=post, reason="Un nom.")

    with pytest.raises(ForumError, match="n’est plus affiché"):
        vote(by=make_user(), post=post, is_for=True)


def test_nobody_counts_for_their_own_post():
    post = make_topic().posts.get()

    with pytest.raises(ForumError, match="son propre message"):
        vote(by=post.by, post=post, is_for=True)


# reports


def test_a_report_waits_for_support_and_is_told_once_by_each():
    post, nadia = make_answer(make_topic()), make_user()

    first = report_post(by=nadia, post=post, reason="personal", note="Le nom d’un résident")
    assert report_post(by=nadia, post=post, reason="harsh") == first
    report_post(by=make_user(), post=post, reason="harsh")

    assert post.reports.count() == 2
    assert verbs().count("support.post_reported") == 2


def test_a_report_says_what_is_wrong():
    with pytest.raises(ForumError, match="Choisissez ce qui ne va pas"):
        report_post(by=make_user(), post=make_answer(make_topic()), reason="whatever")


def test_hiding_a_post_settles_its_reports(support):
    post = make_answer(make_topic())
    report_post(by=make_user(), post=post, reason="personal")

    hide_post(by=support, post=post, reason="Le nom d’un résident.")

    report = post.reports.get()
    assert (report.outcome, report.settled_by) == (ForumReport.Outcome.HIDDEN, support)


def test_leaving_a_post_settles_its_reports_too(support):
    post = make_answer(make_topic())
    report_post(by=make_user(), post=post, reason="wrong")

    keep_post(by=support, post=post)
    keep_post(by=support, post=post)

    assert post.reports.get().outcome == ForumReport.Outcome.KEPT
    assert verbs().count("support.reports_dismissed") == 1
    post.refresh_from_db()
    assert post.hidden_at is None


def test_a_hidden_question_hides_its_topic_from_all_but_those_who_moderate(support):
    topic = make_topic()
    hide_post(by=support, post=topic.posts.get(), reason="Le nom d’un résident.")

    assert topic not in ForumTopic.objects.visible_to(topic.opened_by)
    assert topic in ForumTopic.objects.visible_to(support)

    show_post(by=support, post=topic.posts.get())
    assert topic in ForumTopic.objects.visible_to(make_user())


def test_hiding_twice_or_showing_twice_is_once(support):
    post = make_answer(make_topic())

    for reason in ("Le premier motif.", "Un autre motif."):
        hide_post(by=support, post=post, reason=reason)
    post.refresh_from_db()
    assert post.hidden_reason == "Le premier motif."

    for _ in range(2):
        show_post(by=support, post=post)
    assert verbs().count("support.post_hidden") == verbs().count("support.post_shown") == 1


def test_the_words_of_a_hidden_post_are_not_found_until_it_is_shown_again(support):
    topic = make_topic()
    post = make_answer(topic, text="Prenez les charlottes du magasin.")

    hide_post(by=support, post=post, reason="Un nom.")
    assert not found(ForumTopic.objects.all(), "charlottes")

    show_post(by=support, post=post)
    assert list(found(ForumTopic.objects.all(), "charlottes")) == [topic]


def test_hiding_asks_for_a_reason(support):
    post = make_answer(make_topic())

    with pytest.raises(ForumError, match="Dites pourquoi"):
        hide_post(by=support, post=post, reason="  ")
