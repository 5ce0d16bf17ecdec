"""The forum: a question asked, answered, solved; a text that a lost session does not lose."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from support.models import ForumRead
from support.services.forum.reports import hide_post, report_post
from support.services.forum.restrictions import restrict
from support.services.forum.themes import load_themes
from tests.browser.again import BOTH_WIDTHS
from tests.browser.axe import axe
from tests.browser.conftest import session_cookie
from tests.builders import make_establishment, make_person, make_user
from tests.photos import picture
from tests.support.forum.builders import make_answer, make_moderator, make_theme, make_topic

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claire(transactional_db):
    load_themes()
    site = make_establishment(name="EHPAD Les Glycines")
    return make_person("OIE", on=site, user=make_user(first_name="Claire", last_name="Roux"))


def ask(page):
    page.goto(reverse("support:forum"))
    axe(page)
    page.get_by_role("link", name="Poser une question").first.click()
    axe(page)
    page.get_by_label("Votre question, en une phrase").fill("Comment déclarer des gants en boîte ?")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("link", name="Compter les gants")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Ma question n’y est pas").click()
    page.get_by_label("Ce qui se passe").fill("La grille demande des **unités**.")
    page.expected.append("422")
    page.get_by_role("button", name="Publier la question").click()
    expect(page.get_by_text("Choisissez un thème.").first).to_be_visible()
    axe(page)
    page.get_by_label("Thème", exact=True).select_option(label="EPI-Stocks")
    page.get_by_role("button", name="Aperçu").click()
    expect(page.get_by_text("rien n’est encore publié")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Publier la question").click()
    expect(page.get_by_text("Votre question est publiée.")).to_be_visible()


def answer(page):
    """Support, from the questions that nobody answered."""
    page.goto(f"{reverse('support:forum')}?vue=sans-reponse")
    page.get_by_role("link", name="Comment déclarer des gants en boîte ?").click()
    page.get_by_role("button", name="Moi aussi").click()
    page.get_by_role("link", name="Citer").click()
    expect(page.get_by_label("Votre réponse")).to_have_value(
        "> **Claire Roux** a écrit\u00a0:\n> La grille demande des unités.\n\n"
    )
    page.get_by_label("Votre réponse").fill("Multipliez par 100.")
    page.get_by_label("Capture d’écran").set_input_files(
        {"name": "grille.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.get_by_role("button", name="Publier la réponse").click()
    expect(page.get_by_role("img", name="Capture d’écran jointe par")).to_be_visible()
    axe(page)


@BOTH_WIDTHS
def test_a_question_is_asked_answered_and_solved(open_page, claire, width):
    make_topic(title="Compter les gants", text="Par boîte ?", theme=make_theme())
    page = open_page(user=claire, width=width)
    ask(page)
    answer(open_page(user=make_moderator(), width=width))

    page.goto("/")
    expect(page.get_by_text("Une réponse à votre question").first).to_be_visible()
    page.get_by_role("link", name="Une réponse à votre question").click()
    page.get_by_role("button", name="C’est la solution").click()
    expect(page.get_by_role("article", name="Solution de")).to_contain_text("Multipliez par 100.")
    axe(page)
    page.goto(reverse("support:forum_follows"))
    expect(page.get_by_role("link", name="Comment déclarer des gants en boîte ?")).to_be_visible()
    axe(page)


def test_a_topic_opened_is_marked_as_read(open_page, claire):
    topic = make_topic()
    page = open_page(user=claire)
    page.goto(topic.get_absolute_url())

    expect(page.get_by_role("button", name="Marquer comme lu")).to_be_hidden()
    assert ForumRead.objects.filter(user=claire, topic=topic).exists()


def test_a_text_is_there_again_after_the_session_was_lost(open_page, claire):
    topic = make_topic()
    page = open_page(user=claire)
    page.goto(topic.get_absolute_url())
    page.get_by_label("Votre réponse").fill("Une longue réponse.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Publier la réponse").click()
    expect(page.get_by_role("textbox", name="Mot de passe")).to_be_visible()

    page.context.add_cookies([session_cookie(claire, page.url.split("/comptes")[0])])
    page.goto(topic.get_absolute_url())
    expect(page.get_by_text("n’avait pas été publié")).to_be_visible()
    expect(page.get_by_label("Votre réponse")).to_have_value("Une longue réponse.")
    axe(page)
    page.get_by_role("button", name="Publier la réponse").click()
    expect(page.get_by_role("article").last).to_contain_text("Une longue réponse.")
    expect(page.get_by_label("Votre réponse")).to_have_value("")
    page.reload()
    expect(page.get_by_label("Votre réponse")).to_have_value("")


def test_the_pages_of_those_who_moderate(open_page, claire):
    support, topic = make_moderator(), make_topic(title="Une question à ranger")
    reported, hidden = make_answer(topic), make_answer(topic)
    report_post(by=claire, post=reported, reason="personal", note="Un nom")
    hide_post(by=support, post=hidden, reason="Propos vifs.")
    restrict(by=support, person=hidden.by, until=timezone.localdate(), reason="Propos vifs.")
    page = open_page(user=support)
    for name, args in (
        ("forum_moderation", []),
        ("forum_themes", []),
        ("forum_theme", [topic.theme_id]),
        ("forum_topic_manage", [topic.pk]),
        ("forum_restriction", [claire.pk]),
        ("forum_topic", [topic.pk]),
    ):
        page.goto(reverse(f"support:{name}", args=args))
        axe(page)
    page.goto(reverse("support:forum_moderation"))
    page.get_by_role("link", name="Masquer").click()
    axe(page)
    page.get_by_label("Pourquoi masquer ce message").fill("Le nom d’un résident.")
    page.get_by_role("button", name="Masquer et prévenir l’auteur").click()
    expect(page.get_by_text("Le message est masqué.")).to_be_visible()


def test_one_s_own_post_is_corrected_and_another_reported(open_page, claire):
    topic = make_topic(claire)
    other = make_answer(topic)
    page = open_page(user=claire)
    page.goto(reverse("support:forum_report", args=[other.pk]))
    axe(page)
    page.goto(reverse("support:forum_edit", args=[topic.posts.first().pk]))
    axe(page)
    page.get_by_label("Votre message").fill("Mieux dit.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("modifié le")).to_be_visible()
