"""Help is read without logging in; one's own guide comes first; a page leads to its part."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from support.guides.catalogue import GUIDES
from support.guides.context import help_for
from support.guides.document import pdf_of
from support.guides.finding import find_sections
from support.roles import codes_of
from support.search import find
from tests.builders import make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.support.builders import make_question

pytestmark = pytest.mark.django_db
HUB, LIST = reverse("support:hub"), reverse("support:guides")


def test_a_visitor_begins_with_the_first_steps(client):
    page = client.get(HUB)
    assert_sound_html(page)
    assert "Première connexion" in page.text
    assert "Votre guide" not in page.text
    assert reverse("access") in page.text


def test_somebody_begins_with_the_guide_of_their_role(client_for):
    client = client_for("OIE", on=make_establishment())
    for url in (HUB, LIST):
        page = client.get(url)
        assert_sound_html(page)
        assert page.text.index("Opérateur d’inventaire EPI</a>") < page.text.index(
            "Première connexion"
        )


def test_all_the_guides_are_listed_for_anybody(client):
    page = client.get(LIST)
    assert_sound_html(page)
    assert [guide.title for guide in GUIDES.values() if guide.title not in page.text] == []


@pytest.mark.parametrize("slug", GUIDES)
def test_each_guide_is_a_sound_page_whose_screenshots_have_words_and_sizes(client, slug):
    page = client.get(reverse("support:guide", args=[slug]))
    assert_sound_html(page)
    assert 'width="0"' not in page.text
    assert "{#" not in page.text
    assert reverse("support:guide_pdf", args=[slug]) in page.text


def test_a_guide_ends_with_the_questions_of_its_role(client):
    make_question("Combien de doses ?", roles=["GF"])
    make_question("Qui décide ?", roles=["APE"])
    page = client.get(reverse("support:guide", args=["gestionnaire-de-fichiers"]))
    assert "Combien de doses ?" in page.text
    assert "Qui décide ?" not in page.text


def test_an_unknown_guide_is_not_found(client):
    for name in ("support:guide", "support:guide_pdf"):
        assert client.get(reverse(name, args=["cuisine"])).status_code == 404


def test_a_guide_is_kept_as_a_tagged_pdf(client):
    answer = client.get(reverse("support:guide_pdf", args=["auditeur"]))
    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="guide-auditeur.pdf"' in answer["Content-Disposition"]
    document = PdfReader(io.BytesIO(answer.content))
    root = document.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "fr")
    assert "/StructTreeRoot" in root
    assert document.metadata.title == "Auditeur, guide de Stocks Santé"
    assert len(answer.content) < 1_500_000
    assert pdf_of("auditeur") is pdf_of("auditeur")


def test_a_search_finds_parts_of_guides_and_questions(client):
    make_question("Combien de doses pour les rappels ?")
    page = client.get(HUB, {"recherche": "rappels"})
    assert_sound_html(page)
    assert "Approvisionnement en vaccin COVID-19" in page.text
    assert "Combien de doses pour les rappels ?" in page.text


def test_a_search_that_finds_nothing_says_what_remains(client):
    page = client.get(HUB, {"recherche": "xyzzy"})
    assert_sound_html(page)
    assert "Rien ne répond" in page.text
    assert reverse("access") in page.text


@pytest.mark.parametrize("text", ["", " ", "a", "\x00", "é" * 5000, "<b>", "' OR 1=1"])
def test_any_text_may_be_looked_for(client, text):
    assert client.get(HUB, {"recherche": text}).status_code == 200


def test_ones_own_guide_is_found_first():
    both = find_sections("fichiers de commandes", frozenset({"TEC"}), 10)
    assert both[0].guide.slug == "exploitation"
    assert find_sections("fichiers de commandes", frozenset({"LPO"}), 10)[0].guide.slug == (
        "logistique"
    )


@pytest.mark.parametrize(
    "asked",
    [
        "Comment signaler une difficulté ?",
        "je veux signaler des difficultés",
        "signalez difficulte",
    ],
)
def test_a_guide_is_found_however_one_asks(asked):
    found = find_sections(asked, frozenset({"OCE"}), 3)
    assert "commande-epi#difficulte" in [f"{one.guide.slug}#{one.section.anchor}" for one in found]


def test_every_word_asked_is_in_what_is_found():
    assert find_sections("dépannage", frozenset(), 3)
    assert find_sections("dépannage hippopotame", frozenset(), 3) == []


def test_the_search_of_the_platform_gets_both_kinds():
    make_question("Comment réceptionner une livraison ?")
    groups = find(make_person("OCE", on=make_establishment()), "réceptionner")
    assert [group.label for group in groups] == ["Guides", "Questions"]


def test_a_page_leads_to_its_part_of_the_guide_of_ones_role(client, client_for):
    inventory = client_for("OIE", on=make_establishment())
    assert 'href="/aide/guides/inventaire-epi/#accueil"' in inventory.get("/").text
    login = client.get(reverse("account_login"))
    assert 'href="/aide/guides/premiere-connexion/#se-connecter"' in login.text


def test_even_a_refusal_and_a_page_not_found_lead_to_help(client_for):
    client = client_for("OIE", on=make_establishment())
    assert "Aide sur cette page" in client.get(reverse("orders:start")).text
    assert 'href="/aide/"' in client.get("/nulle-part/").text


def test_the_help_of_a_page_asks_the_database_nothing_more(django_assert_num_queries):
    user = make_person("OIE", on=make_establishment())
    assert user.usable_profiles
    with django_assert_num_queries(0):
        assert help_for("home", codes_of(user)).endswith("inventaire-epi/#accueil")
