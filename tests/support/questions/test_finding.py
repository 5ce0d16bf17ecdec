"""The questions near what somebody writes: words of the same family, misspelt, in any order."""

import pytest

from support.questions.finding import similar
from tests.support.builders import make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    return {
        "lost": make_question(
            "J’ai oublié mon mot de passe", "Demandez-en un nouveau.", keywords="perdu"
        ),
        "gloves": make_question(
            "Comment déclarer les gants par taille ?", "Ouvrez « Gants par taille »."
        ),
        "order": make_question("Comment commander des masques ?", "Depuis le catalogue."),
    }


def test_words_of_one_family_are_met_without_accents(asked):
    assert similar("declaration d’un GANT") == [asked["gloves"]]
    assert similar("mes commandes de masque")[0] == asked["order"]


def test_other_words_for_it_count_too(asked):
    assert similar("identifiants perdus") == [asked["lost"]]


def test_a_word_misspelt_or_typed_half_is_met(asked):
    assert similar("comander") == [asked["order"]]
    assert similar("masq") == [asked["order"]]


def test_how_one_asks_counts_for_nothing(asked):
    text = "Bonjour, je voudrais savoir comment faire pour avoir des gants, merci"
    assert similar(text) == [asked["gloves"]]
    assert similar("comment faire pour") == []


def test_the_nearest_comes_first(asked):
    assert similar("mot de passe oublié, je voulais commander")[0] == asked["lost"]


def test_a_question_taken_off_is_not_found(asked):
    asked["order"].is_published = False
    asked["order"].save()
    assert similar("commander") == []


@pytest.mark.parametrize("text", ["", "  ", "a", "!!! &|:*", "\x00", "xyzzyx quux", "le de la"])
def test_what_says_nothing_finds_nothing(asked, text):
    assert similar(text) == []


def test_a_whole_letter_is_read_from_its_beginning(asked):
    assert similar("mot de passe oublié " + "bla " * 50_000) == [asked["lost"]]


def test_no_more_than_asked():
    for _ in range(4):
        make_question("Comment commander ?")
    assert len(similar("commander", limit=3)) == 3
