"""The questions that come with the product: each of the sources, added once, never overwritten."""

import re

import pytest
from django.urls import Resolver404, resolve

from accounts.grants import CODES
from support.models import Question, Theme
from support.questions.live import LIVE
from support.services.question_reference import load_questions, written_questions

pytestmark = pytest.mark.django_db
WRITTEN = list(written_questions())
LINK = re.compile(r"\]\((/[^)#?]*)")
# those of the frequent questions of the sources [002], [003], word for word or nearly
ASKED = (
    "Quel est le périmètre d’EPI-Stocks",
    "Existe-t-il un lien entre EPI-Stocks et Distrilog",
    "Je n’arrive pas à accéder au site",
    "un message d’erreur s’affiche. Que faire",
    "Je m’identifie mais rien ne se passe",
    "Je n’arrive pas à me connecter. Pourquoi",
    "remplir les données des autres établissements",
    "Puis-je donner l’accès à chacun",
    "Dois-je remplir toutes les données par établissement géographique",
    "La tension porte sur un type ou une taille de gants",
    "gérés seulement dans mon établissement centralisateur",
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


@pytest.mark.parametrize("asked", ASKED)
def test_each_question_of_the_sources_is_answered(asked):
    assert [one for one in WRITTEN if asked in one.question]


def test_every_theme_has_questions_each_at_its_own_address():
    assert {one.theme for one in WRITTEN} == set(Theme)
    slugs = [one.slug for one in WRITTEN]
    assert len(slugs) == len(set(slugs))


def test_a_question_names_roles_sources_and_live_parts_that_exist():
    assert {code for one in WRITTEN for code in one.roles} <= {*CODES, "USR"}
    assert {one.live for one in WRITTEN} - {""} == set(LIVE)
    assert [one.slug for one in WRITTEN if not one.source] == []


def test_every_link_of_an_answer_leads_somewhere():
    slugs = {one.slug for one in WRITTEN}
    broken = []
    for one in WRITTEN:
        for address in LINK.findall(one.answer):
            try:
                match = resolve(address)
            except Resolver404:
                broken.append((one.slug, address))
                continue
            if match.view_name == "support:question" and match.kwargs["slug"] not in slugs:
                broken.append((one.slug, address))
    assert broken == []


def test_they_are_added_once_and_what_was_edited_since_stays():
    assert load_questions() == len(WRITTEN)
    Question.objects.filter(slug="0-sur-0").update(answer="Autrement dit.", is_published=False)
    assert load_questions() == 0
    edited = Question.objects.get(slug="0-sur-0")
    assert (edited.answer, edited.is_published) == ("Autrement dit.", False)


def test_the_spaces_that_do_not_break_are_put():
    texts = [text for one in WRITTEN for text in (one.question, one.answer)]
    assert [text for text in texts if re.search(r" [:;!?»](?![\w=/-])|« ", text)] == []
    assert [text for text in texts if re.search(r"[^\W\d_]'[^\W\d_]", text)] == []
