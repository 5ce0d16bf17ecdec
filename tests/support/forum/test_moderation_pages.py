"""The pages of those who moderate."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from support.models import ForumPost, ForumTheme
from support.services.forum.reports import hide_post, report_post
from tests.builders import make_user
from tests.support.forum.builders import (
    logged_in,
    make_answer,
    make_theme,
    make_topic,
    sent,
    text_of,
)

pytestmark = pytest.mark.django_db
FORUM = reverse("support:forum")


def listed(client, **asked):
    return [row["topic"] for row in client.get(FORUM, asked).context["rows"]]


def test_what_waits_for_support_is_on_one_page(support):
    reported, hidden = make_answer(make_topic()), make_answer(make_topic())
    report_post(by=make_user(), post=reported, reason="personal", note="Ligne 3")
    hide_post(by=support, post=hidden, reason="Propos vifs.")
    waiting = make_topic(title="Personne ne répond")
    client = logged_in(support)

    page = text_of(client.get(reverse("support:forum_moderation")))

    for words in ("Ligne 3", "Propos vifs.", waiting.title, reported.topic.title):
        assert words in page


def test_the_page_of_moderation_takes_a_constant_number_of_queries(support, count_queries):
    client = logged_in(support)

    def fill():
        report_post(by=make_user(), post=make_answer(make_topic()), reason="personal")
        hide_post(by=support, post=make_answer(make_topic()), reason="Propos vifs.")
        make_topic()

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("support:forum_moderation"))
        return len(queries)

    fill()
    one = count()
    fill(), fill()
    assert count() == one


def test_support_hides_shows_leaves_closes_pins_and_merges(support):
    client = logged_in(support)
    post, topic, kept = make_answer(make_topic()), make_topic(), make_topic(title="Celui qui reste")
    hide = reverse("support:forum_hide", args=[post.pk])
    assert client.post(hide, {"motif": ""}).status_code == 422
    client.post(hide, {"motif": "Un nom."})
    assert not ForumPost.objects.shown().filter(pk=post.pk).exists()
    client.post(reverse("support:forum_show", args=[post.pk]))
    assert ForumPost.objects.shown().filter(pk=post.pk).exists()

    state = reverse("support:forum_topic_state", args=[topic.pk])
    for wanted in ("clore", "epingler", "n’importe quoi"):
        client.post(state, {"etat": wanted})
    topic.refresh_from_db()
    assert (topic.closed_by, topic.is_pinned) == (support, True)

    merge = reverse("support:forum_topic_merge", args=[topic.pk])
    for wrong in ("", "0", "x", str(topic.pk)):
        assert client.post(merge, {"sujet": wrong}).status_code == 422
    address = f"https://stocks.example{kept.get_absolute_url()}?page=2#m3"
    assert "Celui qui reste" in text_of(client.post(merge, {"sujet": address}))
    topic.refresh_from_db()
    assert topic.merged_into is None
    client.post(merge, {"sujet": kept.pk, "confirmer": "oui"})
    topic.refresh_from_db()
    assert topic.merged_into == kept


def test_support_describes_a_topic(support):
    client, topic, theme = logged_in(support), make_topic(), make_theme()
    address = reverse("support:forum_topic_manage", args=[topic.pk])

    assert client.post(address, {"titre": "Gants", "theme": theme.pk}).status_code == 422
    client.post(address, {"titre": "Où déclarer les gants", "theme": theme.pk})

    topic.refresh_from_db()
    assert (topic.title, topic.theme) == ("Où déclarer les gants", theme)


def test_support_puts_a_person_in_read_only_and_back(support, camille):
    client = logged_in(support)
    address = reverse("support:forum_restriction", args=[camille.pk])
    until = timezone.localdate() + timedelta(days=3)
    assert client.post(address, {"jusqu_au": "x", "motif": ""}).status_code == 422
    client.post(address, {"jusqu_au": f"{until:%Y-%m-%d}", "motif": "Propos vifs."})
    assert camille.forum_reader.restricted_until == until

    topic = make_topic()
    answer = logged_in(camille).post(topic.get_absolute_url(), sent("Mon texte"))
    assert "Propos vifs." in text_of(answer)
    assert "Mon texte" in text_of(answer)

    client.post(reverse("support:forum_freed", args=[camille.pk]))
    camille.forum_reader.refresh_from_db()
    assert camille.forum_reader.restricted_until is None


def test_support_puts_the_themes_in_order(support):
    client = logged_in(support)
    one = make_theme()
    address = reverse("support:forum_themes")
    assert client.post(address, {"titre": one.title, "description": "Bis"}).status_code == 422
    client.post(address, {"titre": "Masques", "description": "Les masques"})
    two = ForumTheme.objects.get(title="Masques")
    client.post(
        reverse("support:forum_theme", args=[two.pk]), {"titre": "FFP2", "description": "x"}
    )
    client.post(reverse("support:forum_theme_order", args=[two.pk]), {"ordre": "monter"})
    client.post(reverse("support:forum_theme_order", args=[one.pk]), {"ordre": "archiver"})

    assert list(ForumTheme.objects.values_list("title", flat=True)) == ["FFP2", one.title]
    assert [one.title for one in ForumTheme.objects.open()] == ["FFP2"]
