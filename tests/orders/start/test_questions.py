"""The questions that everybody asks: who is served today, where to write, without logging in."""

import pytest
from django.urls import reverse

from establishments.models import AdministrativeBody, BeneficiaryCategory
from tests.builders import make_body, make_category, make_region
from tests.orders.builders import LONG_AGO, make_beneficiary, make_item
from tests.orders.pages import text_of

pytestmark = pytest.mark.django_db
PAGE = reverse("orders:questions")
ASKED = (
    "Comment modifier mes informations personnelles",
    "J’ai fermé mon compte, puis-je m’inscrire à nouveau",
    "Comment résilier mon compte",
    "Comment sont calculées les valeurs de mon contingentement",
    "À quelle fréquence se réinitialise ma capacité de commande",
    "À quelle fréquence peut évoluer mon contingentement",
    "Comment joindre le service client",
    "Comment accéder à mes commandes en cours",
    "Comment commander des produits sur le site",
    "Je suis victime d’une transaction frauduleuse",
    "Je ne me suis jamais connecté à PASREL",
    "Comment créer un compte sur le portail de commandes",
    "J’ai un identifiant ATIH, mais je ne le retrouve plus",
)


def test_a_visitor_reads_an_answer_to_each_question_of_the_guide(client):
    make_item()
    text = text_of(client.get(PAGE))
    assert [one for one in ASKED if f"<summary>{one}" not in text] == []


def test_the_categories_and_the_regions_are_those_of_the_day(client):
    make_beneficiary()
    BeneficiaryCategory.objects.create(
        category=make_category("300", "École"), starts_on=LONG_AGO, ends_on=LONG_AGO
    )
    make_region("04", "La Réunion", is_overseas=True)
    text = text_of(client.get(PAGE))
    assert "<li>500 EHPAD</li>" in text
    assert "École" not in text
    assert "Aujourd’hui ne sont pas servies : La Réunion" in text


def test_each_ars_has_its_mailbox(client):
    region = make_beneficiary().region
    region.mailbox = "region@sante.example"
    region.save()
    assert "mailto:region@sante.example" in client.get(PAGE).text
    body = make_body(AdministrativeBody.Kind.ARS, region=region)
    body.mailbox = "ars@sante.example"
    body.save()
    text = client.get(PAGE).text
    assert "mailto:ars@sante.example" in text
    assert "mailto:region@sante.example" not in text


def test_no_more_queries_for_more_regions(client, count_queries):
    make_beneficiary()
    count_queries(PAGE)
    few = count_queries(PAGE)
    for code in ("11", "84", "52"):
        make_region(code, f"Région {code}", mailbox=f"ars{code}@sante.example")
    assert count_queries(PAGE) == few
