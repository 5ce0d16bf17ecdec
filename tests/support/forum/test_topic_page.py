"""The page of a topic: who reads what of it, and answering there loses nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from support.models import ForumPost
from support.services.forum.moderation import close_topic, merge_topics
from support.services.forum.reports import hide_post
from support.services.forum.restrictions import restrict
from support.services.forum.solutions import mark_solution
from tests.photos import picture
from tests.support.forum.builders import (
    logged_in,
    make_answer,
    make_topic,
    sent,
    text_of,
)

pytestmark = pytest.mark.django_db
FORUM = reverse("support:forum")


def listed(client, **asked):
    return [row["topic"] for row in client.get(FORUM, asked).context["rows"]]


def test_the_solution_stands_under_the_question_and_its_place_says_so(client, support):
    topic = make_topic()
    make_answer(topic, text="Premier avis")
    post = make_answer(topic, text="La bonne réponse")
    mark_solution(by=support, post=post)

    page = text_of(client.get(topic.get_absolute_url()))

    assert page.index("La bonne réponse") < page.index("Premier avis")
    assert page.count("La bonne réponse") == 1
    assert f'id="m{post.pk}"' in page


def test_who_only_reads_is_told_so_before_they_write(client, camille, support):
    topic = make_topic(camille)
    make_answer(topic)
    assert "C’est la solution" in text_of(client.get(topic.get_absolute_url()))
    restrict(by=support, person=camille, until=timezone.localdate(), reason="Propos vifs.")

    page = text_of(client.get(topic.get_absolute_url()))
    asking = client.get(reverse("support:forum_ask"), {"titre": "Où sont les gants ?"})

    assert "Propos vifs." in page
    assert "Publier la réponse" not in page
    assert "citer=" not in page
    for act in ("C’est la solution", "Moi aussi", "Utile", "Corriger", "Signaler"):
        assert act not in page
    assert "Propos vifs." in text_of(asking)
    assert "Continuer" not in text_of(asking)


def test_an_official_answer_says_so_and_no_address_is_shown(client, support):
    topic = make_topic()
    make_answer(topic, support)

    page = text_of(client.get(topic.get_absolute_url()))

    assert "Assistance</span>" in page
    assert support.email not in page
    assert topic.opened_by.email not in page


def test_what_is_written_is_shown_as_markup_and_never_as_html(client):
    topic = make_topic(title="<script>alert(1)</script>", text="**gras** <script>alert(1)</script>")

    page = text_of(client.get(topic.get_absolute_url()))

    assert "<strong>gras</strong>" in page
    assert "<script>alert" not in page


def test_a_topic_takes_as_many_queries_for_one_answer_as_for_twenty(client, count_queries):
    topic = make_topic()
    make_answer(topic)
    client.get(topic.get_absolute_url())  # what every page keeps for a while is read once
    one = count_queries(topic.get_absolute_url())
    for _ in range(6):
        make_answer(topic, image=None)

    assert count_queries(topic.get_absolute_url()) == one


def test_the_address_of_a_post_leads_to_its_page(client):
    topic = make_topic()
    ForumPost.objects.bulk_create(
        ForumPost(topic=topic, text=f"Réponse {n}", by=topic.opened_by, at=timezone.now())
        for n in range(25)
    )
    last = topic.posts.order_by("pk").last()

    answer = client.get(last.get_absolute_url())

    assert answer.url == f"{topic.get_absolute_url()}?page=2#m{last.pk}"
    assert f'id="m{last.pk}"' in text_of(client.get(answer.url))


def test_the_address_of_a_hidden_post_leads_nowhere(client, support):
    post = make_answer(make_topic(), text="Madame Dupontel")
    hide_post(by=support, post=post, reason="Un nom de famille.")

    assert client.get(post.get_absolute_url()).status_code == 404
    page = text_of(client.get(post.topic.get_absolute_url()))
    assert "Message masqué par l’assistance" in page
    assert "Dupontel" not in page
    assert "Un nom de famille" not in page
    assert "Dupontel" in text_of(logged_in(support).get(post.topic.get_absolute_url()))
    assert "Un nom de famille" in text_of(logged_in(post.by).get(post.topic.get_absolute_url()))


def test_a_merged_topic_leads_to_the_other(client, support):
    gone, kept = make_topic(), make_topic()
    merge_topics(by=support, topic=gone, into=kept)

    assert client.get(gone.get_absolute_url()).url == kept.get_absolute_url()


def test_an_answer_is_published_and_shown_in_its_place(client):
    topic = make_topic()

    answer = client.post(topic.get_absolute_url(), sent("Ligne « Gants »."))

    post = topic.posts.get(is_question=False)
    assert answer.url == f"{topic.get_absolute_url()}#m{post.pk}"
    assert post.text == "Ligne « Gants »."


def test_a_refused_answer_keeps_what_was_typed(client, support):
    topic = make_topic()
    page = client.get(topic.get_absolute_url())
    close_topic(by=support, topic=topic)

    answer = client.post(topic.get_absolute_url(), sent("Mon long texte"))

    assert page.status_code == 200
    assert answer.status_code == 422
    assert "vient d’être clos" in text_of(answer)
    assert "Mon long texte" in text_of(answer)
    assert topic.posts.count() == 1


def test_a_preview_shows_the_text_and_publishes_nothing(client):
    topic = make_topic()

    answer = client.post(topic.get_absolute_url(), sent("**gras**", apercu="oui"))

    assert "<strong>gras</strong>" in text_of(answer)
    assert "**gras**" in text_of(answer)
    assert topic.posts.count() == 1


def test_a_quotation_takes_the_words_up_line_by_line(client):
    topic = make_topic(text="Un <b>mot</b>\n\nUn **autre**")

    page = client.get(topic.get_absolute_url(), {"citer": topic.posts.get().pk})

    assert page.context["form"].initial["texte"] == (
        f"> **{topic.opened_by}** a écrit\u00a0:\n> Un <b>mot</b>\n> Un autre\n\n"
    )


def test_a_post_of_another_topic_or_hidden_is_not_quoted(client, support):
    topic, other = make_topic(), make_topic()
    hidden = make_answer(topic)
    hide_post(by=support, post=hidden, reason="Un nom.")

    for number in (other.posts.get().pk, hidden.pk, 0, "x", "9" * 30):
        page = client.get(topic.get_absolute_url(), {"citer": number})
        assert page.context["form"].initial["texte"] == ""


def test_a_screenshot_is_drawn_again_and_given_as_an_image(client):
    topic = make_topic()
    file = SimpleUploadedFile("ecran.png", picture(), "image/png")
    client.post(topic.get_absolute_url(), sent(image=file))

    post = topic.posts.get(is_question=False)
    answer = client.get(reverse("support:forum_image", args=[post.pk]))

    assert answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert reverse("support:forum_image", args=[post.pk]) in text_of(
        client.get(topic.get_absolute_url())
    )


def test_a_page_named_as_an_image_is_refused_and_the_text_is_kept(client):
    topic = make_topic()
    file = SimpleUploadedFile("ecran.png", b"<script>alert(1)</script>", "image/png")

    answer = client.post(topic.get_absolute_url(), sent("Mon texte", image=file))

    assert answer.status_code == 422
    assert "n’est pas une photo lisible" in text_of(answer)
    assert "Mon texte" in text_of(answer)
    assert "choisissez-la de nouveau" in text_of(answer)


def test_the_image_of_a_hidden_post_is_given_to_nobody_but_those_who_moderate(client, support):
    topic = make_topic()
    client.post(
        topic.get_absolute_url(), sent(image=SimpleUploadedFile("e.png", picture(), "image/png"))
    )
    post = topic.posts.get(is_question=False)
    hide_post(by=support, post=post, reason="Un nom.")
    address = reverse("support:forum_image", args=[post.pk])

    assert client.get(address).status_code == 404
    assert logged_in(support).get(address).status_code == 200
