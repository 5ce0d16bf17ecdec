"""A place is found by its number, even partial, or the beginnings of words, without accents."""

import pytest

from establishments.models import Establishment, LegalEntity
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
