import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import identifiers
from common.identifiers import IdentifierError


@pytest.mark.parametrize(
    "written",
    ["010000024", "01 000 002 4", "01\u00a0000\u202f002\u20094", " 010000024\t", "\ufeff010000024"],
)
def test_a_finess_number_is_stored_without_spaces(written):
    assert identifiers.normalize_finess(written) == "010000024"


def test_a_number_cell_of_nine_digits_is_a_finess_number():
    assert identifiers.normalize_finess(750712184) == "750712184"
    assert identifiers.normalize_finess(750712184.0) == "750712184"


@pytest.mark.parametrize("value", ["10000024", 10000024, 10000024.0])
def test_a_lost_leading_zero_is_proposed_and_never_put_back_silently(value):
    with pytest.raises(IdentifierError, match="le zéro du début a disparu") as refusal:
        identifiers.normalize_finess(value)
    assert refusal.value.proposal == "010000024"


def test_nothing_is_proposed_when_the_key_does_not_hold():
    assert identifiers.propose_finess("10000025") is None
    with pytest.raises(IdentifierError, match="il a 8 caractères") as refusal:
        identifiers.normalize_finess("10000025")
    assert refusal.value.proposal is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("7,50712E+08", "le tableur a transformé ce code"),
        ("7.50712e8", "le tableur a transformé ce code"),
        ("", "la case est vide"),
        (None, "la case est vide"),
        ("0100000245", "il a 10 caractères"),
        ("０10000024", "autre chose que des chiffres"),
        ("ES0000024", "autre chose que des chiffres"),
    ],
)
def test_what_is_no_finess_number_says_why(value, reason):
    with pytest.raises(IdentifierError, match=reason):
        identifiers.normalize_finess(value)


def test_a_wrong_key_is_a_warning_and_corsica_has_its_own():
    assert identifiers.check_finess("010000024").key_ok
    assert not identifiers.check_finess("010000025").key_ok
    corsican = identifiers.check_finess(identifiers.make_finess("2A000001"))
    assert corsican.is_corsican
    assert corsican.key_ok
    assert identifiers.make_finess("2A000001")[-1] == identifiers.make_finess("21000001")[-1]
    assert identifiers.make_finess("2B000001")[-1] == identifiers.make_finess("22000001")[-1]


def test_an_odd_letter_is_well_formed_without_a_key():
    assert not identifiers.check_finess("9Z0000001").key_ok


@given(st.from_regex(r"[0-9]{8}|2[AB][0-9]{6}", fullmatch=True))
def test_fictitious_numbers_hold(prefix):
    finess = identifiers.make_finess(prefix)
    assert identifiers.check_finess(finess).key_ok
    assert identifiers.normalize_finess(identifiers.format_finess(finess)) == finess


def test_fictitious_numbers_begin_with_eight_characters():
    with pytest.raises(ValueError, match="beginning"):
        identifiers.make_finess("123")


def test_a_finess_number_is_shown_in_four_groups():
    assert identifiers.format_finess("010000024") == "01\u00a0000\u00a0002\u00a04"


@pytest.mark.parametrize(
    "written", ["9009994", "3400890099943", "0000009009994", "900 999 4", 9009994, 3400890099943.0]
)
def test_every_form_of_a_ucd_is_stored_in_seven_digits(written):
    assert identifiers.normalize_ucd(written) == "9009994"


def test_thirteen_digits_are_written_back():
    assert identifiers.ucd13_of("9009994") == "3400890099943"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("3,40089E+12", "il a perdu ses derniers chiffres"),
        ("3.40089E+12", "il a perdu ses derniers chiffres"),
        ("3400890099944", "sa clé ne correspond pas"),
        ("3400930000000", "ne commencent pas par 34008"),
        ("900999", "il a 6 caractères"),
        ("900999A", "autre chose que des chiffres"),
    ],
)
def test_what_is_no_ucd_says_why(value, reason):
    with pytest.raises(IdentifierError, match=reason):
        identifiers.normalize_ucd(value)


def test_two_swapped_digits_show_in_the_key_of_a_ucd():
    assert identifiers.ucd_key_holds("9009994")
    assert not identifiers.ucd_key_holds("9090994")


def test_companies_numbers_have_their_keys_checked():
    assert identifiers.normalize_siren("732 829 320") == "732829320"
    assert identifiers.normalize_siret("732 829 320 00074") == "73282932000074"
    for wrong in ("732829321", "12", "73282932A"):
        with pytest.raises(IdentifierError, match="SIREN"):
            identifiers.normalize_siren(wrong)
    with pytest.raises(IdentifierError, match="sa clé ne correspond pas"):
        identifiers.normalize_siret("73282932000075")


def test_la_poste_has_a_rule_of_its_own():
    assert identifiers.normalize_siret("35600000049837") == "35600000049837"
    with pytest.raises(IdentifierError):
        identifiers.normalize_siret("35600000049838")
