"""The lists of topics, as each reads them; found by words; what waits on the home page."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from support.forum.excerpts import excerpt
from support.models import ForumRead, ForumTopic
from support.search import find
from support.services.forum.following import mark_all_read, mark_read
from support.services.forum.moderation import close_topic, merge_topics
from support.services.forum.posts import edit_post
from support.services.forum.reports import hide_post, report_post, show_post
from support.services.forum.solutions import mark_solution
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
ASK = reverse("support:forum_ask")


def listed(client, **asked):
    return [row["topic"] for row in client.get(FORUM, asked).context["rows"]]


def test_a_visitor_is_asked_who_they_are(client):
    client.logout()
    for address in (FORUM, ASK, make_topic().get_absolute_url()):
        assert client.get(address).status_code == 302


def test_the_last_topic_written_in_comes_first_after_the_pinned_one(client):
    now = timezone.now()
    old, fresh, pinned = (make_topic(now=now - timedelta(days=n)) for n in (3, 2, 4))
    ForumTopic.objects.filter(pk=pinned.pk).update(is_pinned=True)
    make_answer(old, now=now - timedelta(hours=1))

    assert listed(client) == [pinned, old, fresh]


def test_a_topic_is_found_by_words_of_its_title_or_of_an_answer_without_accents(client):
    title = make_topic(title="Péremption des surblouses")
    said = make_topic(title="Une autre question")
    make_answer(said, text="Regardez la date de péremption sur le carton.")
    make_topic(title="Rien à voir ici")

    assert listed(client, q="peremptions") == [title, said]
    assert listed(client, q="péremption carton") == [said]


def test_a_search_shows_where_the_words_are(client):
    topic = make_topic(title="Une question")
    make_answer(topic, text="<b>Lisez</b> la date de **péremption** sur le carton.")

    page = text_of(client.get(FORUM, {"q": "peremption"}))

    assert "<mark>péremption</mark>" in page
    assert "<b>Lisez" not in page


def test_a_search_shows_nothing_of_a_hidden_post_beside_one_that_is_found(client, support):
    topic = make_topic(title="La péremption des surblouses")
    make_answer(topic, text="Regardez la péremption sur le carton.")
    hidden = make_answer(topic, text="Péremption, péremption, péremption\u00a0: Madame Dupontel.")
    hide_post(by=support, post=hidden, reason="Un nom.")

    page = text_of(client.get(FORUM, {"q": "péremption"}))

    assert "sur le carton" in page
    assert "Dupontel" not in page


def test_words_of_a_hidden_post_find_nothing_until_it_is_shown_again(client, support):
    topic = make_topic()
    post = make_answer(topic, text="Madame Dupontel")
    hide_post(by=support, post=post, reason="Un nom.")
    assert listed(client, q="dupontel") == []

    show_post(by=support, post=post)
    assert listed(client, q="dupontel") == [topic]


def test_a_corrected_or_merged_post_is_found_by_what_it_says_now(client, camille, support):
    topic, other = make_topic(camille, text="Les gantelets"), make_topic()
    edit_post(by=camille, post=topic.posts.get(), text="Les surblouses", title=topic.title)
    assert (listed(client, q="gantelets"), listed(client, q="surblouses")) == ([], [topic])

    merge_topics(by=support, topic=topic, into=other)
    assert listed(client, q="surblouses") == [other]


@pytest.mark.parametrize("words", ["&|!:*()'\"\\", "a", "\x00", "' OR 1=1", "x" * 190, "le la les"])
def test_any_words_are_a_search(client, words):
    make_topic()

    assert client.get(FORUM, {"q": words}).status_code == 200


@pytest.mark.parametrize("asked", ["theme=999", "theme=x", "etat=x", "vue=x", "page=x", "page=99"])
def test_an_address_made_by_hand_is_a_list(client, asked):
    make_topic()

    assert client.get(f"{FORUM}?{asked}").status_code == 200


def test_topics_by_theme_and_state(client, support):
    theme = make_theme()
    ready, solved, closed = make_topic(theme=theme), make_topic(), make_topic()
    mark_solution(by=support, post=make_answer(solved))
    close_topic(by=support, topic=closed)

    assert listed(client, theme=theme.pk) == [ready]
    assert listed(client, etat="ouvert") == [ready]
    assert listed(client, etat="resolu") == [solved]
    assert listed(client, etat="clos") == [closed]


def test_one_s_own_questions_those_followed_and_those_without_answer(client, camille):
    mine, answered, alone = make_topic(camille), make_topic(), make_topic()
    make_answer(answered, camille)
    make_answer(alone, alone.opened_by)

    assert listed(client, vue="mes-questions") == [mine]
    assert set(listed(client, vue="suivis")) == {mine, answered}
    assert set(listed(client, vue="sans-reponse")) == {mine, alone}


def test_what_came_after_one_read_is_unread(client, camille):
    topic = make_topic()
    assert listed(client, vue="non-lus") == [topic]

    client.post(reverse("support:forum_topic_read", args=[topic.pk]))
    assert listed(client, vue="non-lus") == []

    make_answer(topic, now=timezone.now() + timedelta(seconds=1))
    assert listed(client, vue="non-lus") == [topic]

    client.post(reverse("support:forum_all_read"))
    mark_all_read(by=camille)
    ForumTopic.objects.update(last_post_at=timezone.now() - timedelta(seconds=1))
    assert listed(client, vue="non-lus") == []


def test_what_was_there_before_one_came_is_not_unread(client):
    make_topic(now=timezone.now() - timedelta(days=30))

    assert listed(client, vue="non-lus") == []


def test_looking_at_a_topic_marks_nothing(client):
    client.get(make_topic().get_absolute_url())

    assert not ForumRead.objects.filter(user=client.session["_auth_user_id"]).exists()


def test_a_topic_is_read_until_the_last_post_that_the_page_showed(client):
    past = timezone.now() - timedelta(hours=1)
    topic = make_topic(now=past)
    seen = topic.last_post_at
    make_answer(topic)

    client.post(
        reverse("support:forum_topic_read", args=[topic.pk]),
        {"jusqu_a": str(int(seen.timestamp()))},
    )

    assert listed(client, vue="non-lus") == [topic]


def test_a_misspelt_word_still_leads_to_the_topics_near_it(client):
    topic = make_topic(title="Mon contingent a baissé cette semaine")
    make_topic(title="Livraison de vaccins reçue")

    page = client.get(FORUM, {"q": "contengent"})

    assert page.context["near"] == [topic]
    assert client.get(FORUM, {"q": "xyzzyxw"}).context["near"] == []


def test_a_view_that_does_not_exist_is_the_list_of_all(client):
    page = client.get(FORUM, {"vue": "n-importe"})

    assert [label for _, label, is_current in page.context["views"] if is_current] == [
        "Tous les sujets"
    ]


def test_a_page_left_open_makes_nothing_unread_again(client, camille):
    topic = make_topic(now=timezone.now() - timedelta(hours=1))
    before = topic.last_post_at
    make_answer(topic)
    mark_read(by=camille, topic=topic)

    mark_read(by=camille, topic=topic, until=before)

    assert listed(client, vue="non-lus") == []


def test_one_reads_what_one_writes(client, camille):
    make_answer(make_topic(), camille)

    assert listed(client, vue="non-lus") == []


def test_a_hidden_topic_is_in_nobody_s_list_but_those_who_moderate(client, support):
    topic = make_topic()
    hide_post(by=support, post=topic.posts.get(), reason="Un nom.")

    assert listed(client) == []
    assert client.get(topic.get_absolute_url()).status_code == 404
    page = logged_in(support).get(topic.get_absolute_url())
    assert "Masqué" in text_of(page)


def test_the_list_takes_as_many_queries_for_one_topic_as_for_twenty(client, count_queries):
    theme = make_theme()
    make_answer(make_topic(theme=theme))
    client.get(FORUM)  # what every page keeps for a while is read once
    for address in (FORUM, f"{FORUM}?q=gants", f"{FORUM}?vue=non-lus"):
        one = count_queries(address)
        for _ in range(6):
            make_answer(make_topic(theme=theme))
        assert count_queries(address) == one


def test_an_excerpt_begins_near_the_word_and_says_that_it_is_cut():
    text = f"{'avant ' * 60}la **péremption** des boîtes {'après ' * 60}"

    part = excerpt(text, ["peremp"])

    assert part.startswith("… ")
    assert part.endswith(" …")
    assert "<mark>péremption</mark>" in part
    assert len(part) < 300


def test_an_excerpt_of_a_word_without_end_is_short():
    assert len(excerpt("x" * 5_000, ["absent"])) < 300
    assert excerpt("", []) == ""


def test_a_token_already_used_by_the_same_person_elsewhere_writes_nothing_new(client, camille):
    topic, token = make_topic(), str(uuid.uuid4())
    for _ in range(2):
        client.post(topic.get_absolute_url(), sent(jeton=token))

    assert topic.posts.filter(by=camille).count() == 1


def test_an_answer_to_my_question_is_on_my_home_page_until_i_read_it(client, camille):
    topic = make_topic(camille, title="Où sont les gants de nuit ?")
    assert "Une réponse à votre question" not in text_of(client.get("/"))
    make_answer(topic, now=timezone.now() + timedelta(seconds=1))
    assert "Où sont les gants de nuit ?" in text_of(client.get("/"))

    ForumRead.objects.update(read_at=timezone.now() + timedelta(minutes=1))
    assert "Une réponse à votre question" not in text_of(client.get("/"))


def test_my_question_that_was_hidden_is_no_longer_on_my_home_page(client, camille, support):
    topic = make_topic(camille, title="Où sont les gants de nuit ?")
    make_answer(topic, now=timezone.now() + timedelta(seconds=1))
    hide_post(by=support, post=topic.posts.get(is_question=True), reason="Un nom.")
    assert "Une réponse à votre question" not in text_of(client.get("/"))


def test_support_sees_what_was_reported_and_what_waits_for_two_days(support):
    client = logged_in(support)
    report_post(by=make_user(), post=make_answer(make_topic()), reason="personal")
    make_topic(now=timezone.now() - timedelta(days=1))
    assert "sans réponse dans Agora" not in text_of(client.get("/"))

    make_topic(now=timezone.now() - timedelta(days=3))
    page = text_of(client.get("/"))
    assert "1 message signalé dans Agora" in page
    assert "1 question sans réponse dans Agora" in page


def test_the_search_over_the_platform_finds_topics_for_who_is_logged_in(camille):
    topic = make_topic(title="Péremption des surblouses")

    [group] = [one for one in find(camille, "peremption") if one.label == "Forum Agora"]

    assert [(hit.title, hit.url) for hit in group.hits] == [(topic.title, topic.get_absolute_url())]
    assert group.more_url == f"{FORUM}?q=peremption"
    assert "Forum Agora" not in [one.label for one in find(AnonymousUser(), "peremption")]


def test_several_answers_are_one_line_of_my_home_page(client, camille):
    for title in ("Où sont les gants ?", "Où sont les masques ?"):
        make_answer(make_topic(camille, title=title), now=timezone.now() + timedelta(seconds=1))
    page = text_of(client.get("/"))
    assert "Des réponses à vos questions" in page
    assert "Une réponse à votre question" not in page
