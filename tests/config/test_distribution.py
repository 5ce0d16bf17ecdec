"""The page of the tables is what the models say."""

from config.distribution import OTHER, distribution_table, place_of
from config.management.commands.distribution import PATH, PREFACE
from epi_stocks.models import InventoryLine
from medications.models import Product
from pui.models import Pui, Transmission


def test_the_page_is_up_to_date():
    assert PATH.read_text(encoding="utf-8") == PREFACE + distribution_table(), (
        "lancez manage.py distribution --write"
    )


def test_measures_are_ready_to_be_spread():
    assert place_of(InventoryLine).needs == "prête"


def test_what_would_have_to_be_widened_is_named():
    assert "clé primaire" in place_of(Pui).needs


def test_a_table_is_found_an_establishment_by_its_keys():
    assert place_of(Transmission).needs.endswith("`pui.establishment`")


def test_a_nomenclature_belongs_to_no_establishment():
    assert place_of(Product).kind == OTHER
