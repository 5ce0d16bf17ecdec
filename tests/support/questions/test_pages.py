"""The pages of questions: read by anybody, counted without knowing who, written by few."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from establishments.models import AdministrativeBody, BeneficiaryCategory
from support.models import Question, QuestionOpinion, Theme
from support.services.question_reference import load_questions
from support.services.questions import state_of
from tests.builders import make_body, make_category, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.orders.builders import LONG_AGO, make_beneficiary, make_item
from tests.orders.pages import text_of
from tests.support.builders import make_question

pytestmark = pytest.mark.django_db
LIST, WRITTEN = reverse("support:questions"), reverse("support:questions_written")
ORDERS = reverse("support:question_theme", args=["distrilog"])


@pytest.fixture(autouse=True)
def no_opinion_before():
    cache.clear()


def logged_in(code):
    client = Client()
    client.user = make_person(code)
    client.force_login(client.user)
    return client


def page_of(question):
    return reverse("support:question", args=[question.slug])


def opinion_of(client, question, choice="utile"):
    return client.post(reverse("support:question_opinion", args=[question.slug]), {"avis": choice})


def typed(**more):
    return {
        "theme": "vaccins", "question": "Qui livre ?", "answer": "La **PUI**.", "keywords": "",
        "roles": ["GF"],
    } | more  # fmt: skip


def test_a_visitor_reads_the_questions_by_theme_and_searches_them(client):
    load_questions()
    page = client.get(LIST)
    assert_sound_html(page)
    assert all(theme.label in page.text for theme in Theme)
    found = client.get(LIST, {"recherche": "rapels de vaccin"})
    assert_sound_html(found)
    assert "La commande des rappels est-elle automatique" in found.text
    assert "Rien ne ressemble" in client.get(LIST, {"recherche": "xyzzy"}).text


def test_somebody_reads_first_those_of_their_role():
    load_questions()
    assert "Celles de votre rôle" in logged_in("GF").get(LIST).text
    assert "Celles de votre rôle" not in Client().get(LIST).text


@pytest.mark.parametrize("theme", Theme)
def test_each_theme_is_read_through(client, theme):
    load_questions()
    page = client.get(reverse("support:question_theme", args=[theme]))
    assert_sound_html(page)
    for question in Question.objects.filter(theme=theme):
        assert f'id="{question.slug}"' in page.text


def test_an_unknown_theme_or_question_is_not_found(client):
    assert client.get(reverse("support:question_theme", args=["cuisine"])).status_code == 404
    assert client.get(reverse("support:question", args=["cuisine"])).status_code == 404


def test_a_question_shows_its_answer_and_the_nearest_others(client):
    load_questions()
    page = client.get(page_of(Question.objects.get(slug="combien-de-doses-de-rappel")))
    assert_sound_html(page)
    assert "72 rappels" in text_of(page)
    assert "La commande des rappels est-elle automatique" in page.text


def test_an_answer_is_markup_and_never_html(client):
    question = make_question("Un lien ?", "**Oui** [ici](/acces/) <script>alert(1)</script>")
    page = client.get(page_of(question))
    assert "<strong>Oui</strong>" in page.text
    assert '<a href="/acces/">ici</a>' in page.text
    assert "<script>alert" not in page.text


def test_a_question_taken_off_says_so_and_gives_the_nearest(client):
    gone = make_question("Comment commander des gants ?", is_published=False)
    kept = make_question("Comment commander des masques ?")
    page = client.get(page_of(gone))
    assert page.status_code == 410
    assert kept.question in page.text


def test_an_opinion_counts_once_a_day_from_one_place(client):
    question, other = make_question(), make_question()
    opinion_of(client, question)
    opinion_of(client, question, "inutile")
    opinion_of(client, other, "inutile")
    kept = QuestionOpinion.objects.order_by("question").values_list("useful", "useless")
    assert list(kept) == [(1, 0), (0, 1)]


def test_an_opinion_leaves_no_trace_of_who(client):
    answer = opinion_of(client, make_question())
    assert "sessionid" not in answer.cookies or not answer.cookies["sessionid"].value
    assert {one.name for one in QuestionOpinion._meta.fields} == {
        "id", "question", "day", "useful", "useless",
    }  # fmt: skip


def test_a_robot_does_not_count_opinions_without_end(client):
    for _ in range(31):
        opinion_of(client, make_question())
    assert QuestionOpinion.objects.count() == 30


@pytest.mark.parametrize("choice", ["", "autre", "utile\x00"])
def test_what_is_no_opinion_counts_for_nothing(client, choice):
    assert opinion_of(client, make_question(), choice).status_code == 302
    assert not QuestionOpinion.objects.exists()


def test_the_former_address_leads_to_the_questions_on_orders(client):
    answer = client.get(reverse("orders:questions"))
    assert (answer.status_code, answer["Location"]) == (301, ORDERS)


def test_the_categories_and_the_regions_are_those_of_the_day(client):
    load_questions()
    make_item()
    make_beneficiary()
    BeneficiaryCategory.objects.create(
        category=make_category("300", "École"), starts_on=LONG_AGO, ends_on=LONG_AGO
    )
    make_region("04", "La Réunion", is_overseas=True)
    text = text_of(client.get(ORDERS))
    assert "<li>500 EHPAD</li>" in text
    assert "École" not in text
    assert "Ne sont pas servies : La Réunion" in text


def test_each_ars_has_its_mailbox(client):
    load_questions()
    region = make_beneficiary().region
    region.mailbox = "region@sante.example"
    region.save()
    assert "mailto:region@sante.example" in client.get(ORDERS).text
    body = make_body(AdministrativeBody.Kind.ARS, region=region)
    body.mailbox = "ars@sante.example"
    body.save()
    text = client.get(ORDERS).text
    assert "mailto:ars@sante.example" in text
    assert "mailto:region@sante.example" not in text


def test_no_more_queries_for_more_questions_nor_regions(client, count_queries):
    make_question(live="boites-ars", theme=Theme.ORDERS)
    pages = (LIST, ORDERS, f"{LIST}?recherche=commander")
    for url in pages:
        count_queries(url)
    few = [count_queries(url) for url in pages]
    for code in ("11", "84", "52"):
        make_region(code, f"Région {code}", mailbox=f"ars{code}@sante.example")
        make_question("Comment commander ?", theme=Theme.ORDERS, live="boites-ars")
    assert [count_queries(url) for url in pages] == few


def test_writing_is_for_support_and_the_national_cell():
    question = make_question()
    for code, status in (("SUP", 200), ("NAT", 200), ("NAL", 403), ("APE", 403)):
        client = logged_in(code)
        assert client.get(WRITTEN).status_code == status
        assert (
            client.get(reverse("support:question_edit", args=[question.pk])).status_code == status
        )
        wrote = client.get(page_of(question)).text
        assert ("Changer cette question" in wrote) is (status == 200)


def test_a_question_is_read_again_before_it_is_published():
    client, url = logged_in("SUP"), reverse("support:question_new")
    assert_sound_html(client.get(url))
    preview = client.post(url, typed())
    assert_sound_html(preview)
    assert "<strong>PUI</strong>" in preview.text
    assert not Question.objects.exists()
    client.post(url, typed(confirmer="oui"))
    assert Question.objects.get().updated_by == client.user


def test_the_preview_warns_of_a_near_question():
    make_question("Qui livre les vaccins ?")
    preview = logged_in("SUP").post(reverse("support:question_new"), typed())
    assert "Une question proche existe" in preview.text


def test_a_change_shows_what_is_written_and_refuses_what_changed_meanwhile():
    client, question = logged_in("SUP"), make_question("Avant ?")
    url = reverse("support:question_edit", args=[question.pk])
    assert "Avant ?" in client.get(url).text
    seen = state_of(question)
    question.answer = "Changée par une autre."
    question.save()
    answer = client.post(url, typed(confirmer="oui", seen=seen))
    assert answer.status_code == 409
    question.refresh_from_db()
    client.post(url, typed(confirmer="oui", seen=state_of(question)))
    question.refresh_from_db()
    assert question.question == "Qui livre\u00a0?"


@pytest.mark.parametrize(
    "wrong",
    [{"question": ""}, {"answer": "  "}, {"theme": "cuisine"}, {"roles": ["ZZZ"]},
     {"question": "x" * 201}, {"answer": "x" * 5001}, {"answer": "\x00"}],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_written(wrong):
    answer = logged_in("SUP").post(reverse("support:question_new"), typed(**wrong))
    assert answer.status_code == 422
    assert not Question.objects.exists()


def test_questions_are_ordered_and_taken_off_from_their_list():
    client = logged_in("SUP")
    first, second = make_question("a ?"), make_question("b ?")
    client.post(reverse("support:question_act", args=[second.pk, "monter"]))
    assert list(Question.objects.all()) == [second, first]
    listed = client.get(WRITTEN).text
    assert listed.index(">b ?</a>") < listed.index(">a ?</a>")
    client.post(reverse("support:question_act", args=[first.pk, "retirer"]))
    page = client.get(WRITTEN)
    assert_sound_html(page)
    assert "Retirée" in page.text
    assert (
        client.post(reverse("support:question_act", args=[first.pk, "bruler"])).status_code == 404
    )
    assert (
        client.get(reverse("support:question_act", args=[first.pk, "publier"])).status_code == 405
    )


def test_the_history_of_a_question_is_read():
    client, question = logged_in("SUP"), make_question()
    client.post(reverse("support:question_act", args=[question.pk, "retirer"]))
    page = client.get(reverse("support:question_history", args=[question.pk]))
    assert_sound_html(page)
    assert client.user.get_full_name() in page.text


def test_who_writes_the_questions_reads_a_theme_at_a_time_or_what_they_seek():
    client = logged_in("SUP")
    first = make_question("Où est mon code ?", theme="connexion")
    second = make_question("Où est ma commande ?", theme="distrilog", is_published=False)

    def listed(**asked):
        page = client.get(WRITTEN, asked)
        assert_sound_html(page)
        return {one for one in (first, second) if f'id="question-{one.pk}"' in page.text}

    assert listed() == {first}
    assert listed(theme="distrilog") == {second}
    assert listed(theme="tous") == {first, second}
    assert listed(recherche="Ou est") == {first, second}
    assert listed(recherche="commandé") == {second}
    assert listed(etat="retirees") == {second}
    assert listed(etat="publiees", theme="distrilog") == set()
    assert "Aucune question ne correspond" in client.get(WRITTEN, {"recherche": "zzz"}).text


def test_what_is_done_to_a_question_leads_back_to_its_theme():
    client, question = logged_in("SUP"), make_question("Où ?", theme="distrilog")
    make_question("Qui ?", theme="connexion")
    answer = client.post(reverse("support:question_act", args=[question.pk, "retirer"]))
    assert answer["Location"] == f"{WRITTEN}?theme=distrilog#question-{question.pk}"


def test_the_order_is_not_changed_from_a_list_that_leaves_some_out():
    client = logged_in("SUP")
    make_question("a ?"), make_question("b ?")
    assert "Monter" in client.get(WRITTEN).text
    assert "Monter" not in client.get(WRITTEN, {"etat": "publiees"}).text
