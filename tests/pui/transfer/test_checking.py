"""What is said of each line before anything is stored."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.cover import Level
from common.identifiers import format_finess, ucd13_of
from medications.models import AlternateCode, Monitoring, Presentation
from pui.models import StockLine
from pui.transfer.preview import preview_of
from pui.transfer.shapes import Kind
from tests.builders import make_establishment
from tests.pui.builders import (
    LONG_AGO,
    make_followed,
    make_list,
    make_product,
    make_reference,
    make_transmission,
)
from tests.pui.transfer.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def propofol():
    reference = make_reference("PROPOFOL", "10 mg/ml")
    return make_followed(
        make_product("PROPOFOL 10 mg/ml, ampoule 20 ml", reference=reference, code="9999014")
    )


@pytest.fixture
def midazolam():
    return make_followed(make_product(code="9999021"))


@pytest.fixture
def declared(pui, gf, due_days):
    """Declare quantities for the due day before."""

    def before(**quantities):
        lines = {product: pair for product, pair in quantities.values()}
        make_transmission(pui, lines, by=gf, due_on=due_days[0], now=NOW)

    return before


def remarks(preview):
    return [(one.line.number, *one.line.remarks[0]) for one in preview.refused]


def reasons(preview):
    return [one.reason for shown in preview.unknown for one in shown.line.proposals]


def test_lines_that_say_all_are_fine_and_nothing_is_stored(shown, propofol, midazolam):
    preview = shown("9999014;PROPOFOL;240;60", f"{ucd13_of('9999021')};MIDAZOLAM;0;0,33")
    assert [one.product for one in preview.fine] == [propofol, midazolam]
    assert [one.line.quantities for one in preview.fine] == [
        (240, 60),
        (0, Decimal("0.33")),
    ]
    assert (preview.read, preview.followed, preview.missing) == (2, 2, [])
    assert not StockLine.objects.exists()


@pytest.mark.parametrize(
    "code",
    ["9999014", "3400899990144", "0000009999014", " 99 99 014 "],
)
def test_a_ucd_is_known_under_its_seven_or_thirteen_digits_padded_or_spaced(shown, propofol, code):
    code = ucd13_of("9999014") if code.startswith("34008") else code
    assert [one.product for one in shown(f"{code};;1;1").fine] == [propofol]


def test_a_refused_value_says_its_line_its_column_its_reason_and_what_is_accepted(shown, propofol):
    preview = shown("9999014;PROPOFOL;1,234;-4")
    stock, daily = preview.refused[0].line.remarks
    assert stock.column == "Quantité en stock"
    assert (stock.value, daily.column, daily.value) == ("1,234", "CMJ", "-4")
    assert "ambigu" in stock.reason
    assert "négative" in daily.reason
    assert "1200" in stock.accepted


def test_a_code_that_the_spreadsheet_cut_is_refused(shown, propofol):
    line, column, value, reason, accepted = remarks(shown("3,40089E+12;;1;1"))[0]
    assert (line, column, value) == (2, "UCD", "3,40089E+12")
    assert "perdu ses derniers chiffres" in reason
    assert "Texte" in accepted


def test_a_line_without_code_is_refused_and_an_empty_value_is_shown_empty(shown, propofol):
    assert remarks(shown(";TOTAL;12;3"))[0][1:4] == ("UCD", "", "la case est vide")


def test_the_same_code_twice_is_wrong_on_both_lines(shown, propofol, midazolam):
    preview = shown("9999014;;1;1", f"{ucd13_of('9999014')};;2;1", "9999021;;3;1")
    assert [(line, reason) for line, _, _, reason, _ in remarks(preview)] == [
        (2, "déjà présent à la ligne 3"),
        (3, "déjà présent à la ligne 2"),
    ]
    assert [one.product for one in preview.fine] == [midazolam]


def test_a_line_of_another_establishment_is_refused(shown, pui, propofol, midazolam):
    header = "FINESS;UCD;Stock;CMJ"
    other = make_establishment()
    own, entity = pui.establishment.finess, pui.establishment.legal_entity.finess
    preview = shown(
        f"{other.finess};9999014;1;1", f"{format_finess(entity)};9999021;1;1", header=header
    )
    line, column, value, reason, accepted = remarks(preview)[0]
    assert (line, column, value) == (2, "FINESS", format_finess(other.finess))
    assert "autre établissement" in reason
    assert format_finess(own) in accepted
    assert [one.product for one in preview.fine] == [midazolam]


def test_an_own_finess_without_its_zero_is_taken_and_said(shown, pui, propofol):
    pui.establishment.finess = "010000024"
    pui.establishment.save()
    preview = shown("10000024;9999014;1;1", header="FINESS;UCD;Stock;CMJ")
    assert "le zéro du début a disparu" in preview.fine[0].line.remarks[0].reason


def test_a_product_of_no_list_is_set_aside_also_when_its_finess_has_lost_its_zero(
    shown, pui, propofol
):
    pui.establishment.finess = "010000024"
    pui.establishment.save()
    preview = shown("10000024;9999014;1;1", "10000024;9123456;1;1", header="FINESS;UCD;Stock;CMJ")
    assert [one.line.code for one in preview.outside] == ["9123456"]
    assert preview.refused == []


def test_two_swapped_digits_are_proposed_with_their_reason_and_not_applied(shown, propofol):
    preview = shown("9999104;PROPOFOL 10MG/ML AMP 20ML;240;60")
    unknown = preview.unknown[0]
    assert (unknown.product, unknown.line.declared_id) == (None, None)
    assert unknown.line.proposals[0].code == "9999014"
    assert reasons(preview) == [
        "deux chiffres intervertis, même libellé, produit suivi absent de votre fichier"
    ]
    assert preview.waiting == 1


def test_a_slip_that_the_label_contradicts_is_not_proposed(shown, propofol):
    preview = shown("9999104;KETAMINE 50MG/ML;240;60")
    assert (preview.unknown, len(preview.outside)) == ([], 1)


def test_one_wrong_digit_is_proposed_also_among_thirteen(shown, propofol):
    thirteen = ucd13_of("9999014").replace("9999014", "9999015")
    assert "un chiffre différent" in reasons(shown(f"{thirteen};PROPOFOL;1;1"))[0]


def test_a_wrong_key_that_resembles_nothing_is_refused(shown, propofol):
    assert "sa clé" in remarks(shown("3400891234560;ASPIRINE;1;1"))[0][3]


def test_lost_or_added_zeros_are_proposed(shown):
    make_followed(make_product(code="0999014"))
    assert "zéros du début ont disparu" in reasons(shown("999014;;1;1"))[0]
    assert "zéros sont de trop" in reasons(shown("00000999014;;1;2"))[0]


def test_another_code_of_the_nomenclature_is_proposed(shown, propofol):
    AlternateCode.objects.create(code="9990001", product=propofol)
    assert "9990001 est un autre code de ce produit" in reasons(shown("9990001;;1;1"))[0]


def test_another_code_of_the_same_line_is_proposed(shown, propofol):
    preview = shown("9990001;9999014;PROPOFOL;1;1", header="UCD;UCD;Produit;Stock;Conso")
    assert "la ligne porte aussi le code 9999014" in reasons(preview)[0]


def test_a_box_leads_to_its_unit_and_its_quantities_are_converted_and_told(shown, propofol):
    Presentation.objects.create(cip13="3400999990011", product=propofol, units=10)
    for header in ("CIP13;Libellé;Stock;CMJ", "UCD;Libellé;Stock;CMJ"):
        proposal = shown("3400999990011;PROPOFOL;12;2", header=header).unknown[0].line.proposals[0]
        assert proposal.units == "10.00"
        assert "le stock de 12 devient 120, la CMJ de 2 devient 20" in proposal.reason


def test_a_product_no_longer_followed_leads_to_its_equivalent(shown):
    reference = make_reference("KETAMINE", "50 mg/ml")
    make_followed(make_product("KÉTAMINE B", reference=reference, code="9999085"))
    ended = make_product("KÉTAMINE A", reference=reference, code="9999077")
    make_followed(ended, ends_on=date(2020, 11, 13))
    preview = shown("9999077;KETAMINE 50MG/ML AMP 5ML;130;8")
    assert preview.unknown[0].line.proposals[0].code == "9999085"
    assert (
        "9999077 n’est plus suivi après le 13/11/2020, même UCD de référence"
        in (reasons(preview)[0])
    )


def test_the_same_label_under_an_unknown_code_is_proposed(shown, propofol):
    assert "même libellé" in reasons(shown("9123456;Propofol 10 mg/mL amp. 20 ml;1;1"))[0]


def test_a_product_already_in_the_file_is_not_proposed_twice(shown, propofol):
    preview = shown("9999014;PROPOFOL;1;1", "9999104;PROPOFOL 10MG/ML;1;1")
    assert preview.unknown == []


def test_what_is_of_no_list_is_set_aside_and_told(shown, propofol):
    preview = shown("9999014;PROPOFOL;1;1", "9123456;ASPIRINE 500 mg;1;1")
    assert [one.line.code for one in preview.outside] == ["9123456"]
    assert preview.waiting == 0


def test_a_proposal_far_from_the_last_declaration_says_so(shown, propofol, declared):
    declared(one=(propofol, (24, 6)))
    assert "attention\u00a0: stock × 10" in reasons(shown("9999104;PROPOFOL;240;6"))[0]


def test_a_large_change_waits_with_what_was_declared_before(shown, midazolam, declared, due_days):
    declared(one=(midazolam, (420, 35)))
    change = shown("9999021;MIDAZOLAM;4200;35").changes[0]
    assert change.gaps == ["stock × 10"]
    assert change.line.before == (due_days[0], 420, 35)
    assert (change.cover_before, change.cover_after) == (12, 120)
    assert change.line.waits


@pytest.mark.parametrize(
    ("before", "after", "gap"),
    [
        ((600, 40), "0;40", "stock épuisé"),
        ((880, 22), "880;220", "consommation × 10"),
        ((880, 22), "880;2,2", "consommation ÷ 10"),
        ((880, 22), "880;0", "consommation tombée à 0"),
        ((4200, 35), "420;35", "stock ÷ 10"),
        ((600, 20), "130;20", "couverture suffisante devenue critique"),
    ],
)
def test_each_large_change_is_named(shown, midazolam, declared, before, after, gap):
    declared(one=(midazolam, before))
    assert shown(f"9999021;;{after}").changes[0].gaps == [gap]


@pytest.mark.parametrize(
    ("before", "after"),
    [((600, 40), "300;40"), ((1, 0), "12;0"), ((None, 5), "600;5"), ((600, 40), ";40")],
)
def test_ordinary_changes_few_units_and_blanks_are_not_asked_about(
    shown, midazolam, declared, before, after
):
    declared(one=(midazolam, before))
    assert shown(f"9999021;;{after}").changes == []


def test_a_shortage_is_seen_as_such(shown, midazolam, declared):
    declared(one=(midazolam, (600, 40)))
    assert shown("9999021;;0;40").changes[0].level_after is Level.SHORTAGE


def test_products_of_the_list_absent_from_the_file_are_missing_not_zero(shown, propofol, midazolam):
    make_followed(make_product(), slug="grippe")
    make_followed(make_product(), ends_on=date(2020, 1, 31), starts_on=LONG_AGO)
    preview = shown("9999014;;1;1")
    assert preview.missing == [midazolam]
    assert (preview.read, preview.followed) == (1, 2)


def test_a_line_without_quantity_stays_blank(shown, propofol, midazolam):
    preview = shown("9999014;;;", "9999021;;1;", header="UCD;Produit;Stock;CMJ")
    assert [one.product for one in preview.blank] == [propofol]
    assert preview.missing == []
    assert preview.fine[0].line.quantities == (1, None)


def test_reading_costs_the_same_statements_whatever_the_lines(send, propofol, midazolam):
    AlternateCode.objects.create(code="9990001", product=propofol)
    few = ["9990001;;1;1", "9999021;;1;1"]
    many = [*few, *(f"91{number:05d};PRODUIT {number};1;1" for number in range(300))]
    send("9999021;;2;1")  # the rights of the person are read once
    with CaptureQueriesContext(connection) as small:
        preview_of(send(*few))
    with CaptureQueriesContext(connection) as large:
        preview_of(send(*many))
    assert len(small) == len(large)


def test_reading_costs_the_same_statements_whatever_the_length_of_the_list(send):
    make_followed()
    send("9123456;RIEN;2;1")
    with CaptureQueriesContext(connection) as small:
        preview_of(send("9123456;RIEN;1;1"))
    for number in range(5):
        make_followed(make_product(reference=make_reference("MOLECULE", f"{number} mg")))
        make_followed(make_product(reference=make_reference(f"MOLECULE {number}")))
    with CaptureQueriesContext(connection) as large:
        preview_of(send("9123456;RIEN;3;1"))
    assert len(small) == len(large)


def test_a_followed_code_of_another_list_is_outside(shown, propofol):
    make_followed(make_product(code="9999050"), slug="grippe")
    assert Monitoring.objects.filter(monitored_list=make_list("grippe")).exists()
    assert shown("9999050;;1;1").outside[0].line.kind is Kind.OUTSIDE
