"""A place is found by its number, even partial, or the beginnings of words, without accents."""

import pytest

from establishments.models import Establishment, LegalEntity, directory
from tests.builders import make_establishment, make_legal_entity

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    make_establishment(name="EHPAD LES TILLEULS", town="BLOIS")
    return make_establishment(
        finess="010000024", name="Hôpital de l’Étoile - Sainte-Marie", town="ORLÉANS"
    )


@pytest.mark.parametrize(
    "text",
    [
        "010000024", "01 000 002 4", "01 000", "0100", "10000024", "hopital", "HÔPITAL",
        "etoile", "hop orle", "marie", "Orléans hôpital", "l'etoile", "sainte-marie",
    ],
)  # fmt: skip
def test_it_is_found(hospital, text):
    assert list(Establishment.objects.search(text)) == [hospital]


@pytest.mark.parametrize("text", ["pital", "zzz", "hopital blois", "020000024", "", "h", "é", "%%"])
def test_it_is_not_found(hospital, text):
    assert not Establishment.objects.search(text).exists()


@pytest.mark.parametrize("text", ["'; DROP TABLE x", "\x00", "a" * 5000, "__", "\\", "œ" * 99])
def test_whatever_is_typed_never_breaks(hospital, text):
    assert list(Establishment.objects.search(text)) == []


def test_entities_are_found_too():
    entity = make_legal_entity(name="GCS DU VAL")
    assert list(LegalEntity.objects.search("val gcs")) == [entity]


@pytest.mark.parametrize("model", [Establishment, LegalEntity])
@pytest.mark.parametrize("walked", [0, 3, 8, 2000])
@pytest.mark.parametrize("text", ["foyer", "fo li", "introuvable", "9", ""])
def test_the_first_found_are_the_beginning_of_the_whole_search(monkeypatch, model, walked, text):
    monkeypatch.setattr(directory, "WALKED", walked)
    make = make_establishment if model is Establishment else make_legal_entity
    for number in range(9):
        make(name=f"{'Résidence' if number % 3 else 'Ancien'} Foyer {'Lilas' if number % 2 else 7}")
    whole = list(model.objects.search(text).order_by("sort_name", "finess"))
    for most in (1, 3, 5, 99):
        assert model.objects.open().first_found(text, most) == whole[:most]
