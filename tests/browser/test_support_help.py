"""Stuck, one finds the answer: the help of the page, a search, a question, an opinion."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from support.models import Question
from support.services.question_reference import load_questions
from tests.browser.axe import axe
from tests.builders import make_establishment, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_finds_an_answer_and_says_that_it_helped(open_page):
    load_questions()
    page = open_page()
    page.goto(reverse("support:hub"))
    axe(page)
    page.get_by_role("searchbox", name="Que cherchez-vous").fill("comande des rappels de vaccin")
    page.get_by_role("button", name="Chercher").click()
    axe(page)
    page.get_by_role("link", name="La commande des rappels est-elle automatique").click()
    axe(page)
    page.get_by_role("button", name="Oui, utile").click()
    expect(page.get_by_text("Merci")).to_be_visible()
    page.goto(reverse("support:question_theme", args=["distrilog"]))
    axe(page)
    page.goto(reverse("support:questions"))
    axe(page)


def test_an_operator_gets_the_part_of_the_guide_about_this_page(open_page):
    page = open_page(user=make_person("OIE", on=make_establishment()))
    page.goto(reverse("home"))
    page.get_by_role("link", name="Aide sur cette page").click()
    expect(page.get_by_role("heading", name="Opérateur d’inventaire EPI")).to_be_visible()
    expect(page.get_by_role("heading", name="1. Voir ce qui vous attend")).to_be_in_viewport()
    axe(page)
    page.goto(reverse("support:guides"))
    axe(page)


def test_support_writes_a_question_reads_it_again_and_publishes_it(open_page):
    page = open_page(user=make_person("SUP"))
    page.goto(reverse("support:questions_written"))
    page.get_by_role("link", name="Ajouter une question").first.click()
    axe(page)
    page.get_by_role("textbox", name="Question Comme").fill("Peut-on déclarer un dimanche ?")
    page.get_by_role("textbox", name="Réponse Une ligne").fill("Oui, **tous les jours**.")
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.locator("strong", has_text="tous les jours")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Publier la question").click()
    expect(page.get_by_text("La question est publiée.")).to_be_visible()
    axe(page)
    assert Question.objects.get().slug == "peut-on-declarer-un-dimanche"
    page.get_by_role("link", name="Historique").click()
    expect(page.get_by_text("Première version.")).to_be_visible()
    axe(page)
