"""What the page says before « Transmettre », in words and figures."""

import pytest

from medications.models import Priority
from pui.services.transmitting import Choice, answer
from pui.transfer.preview import preview_of
from pui.transfer.remarks import remark_rows
from pui.transfer.shapes import Answer
from tests.pui.builders import make_followed, make_product, make_reference, make_transmission
from tests.pui.transfer.conftest import NOW

pytestmark = pytest.mark.django_db
CODES = ["9999014", "9999021", "9999038", "9999052", "9999069", "9999076"]
NAMES = ["PROPOFOL", "MIDAZOLAM", "ATRACURIUM", "NORADRENALINE", "KETAMINE", "MORPHINE"]


@pytest.fixture
def products():
    return [
        make_followed(make_product(name, reference=make_reference(name, "1 mg"), code=code))
        for code, name in zip(CODES, NAMES, strict=True)
    ]


@pytest.fixture
def row(send, pui, gf, due_days, products):
    """One line of each sort, and one product absent."""
    make_transmission(pui, {products[1]: (420, 35)}, by=gf, due_on=due_days[0], now=NOW)
    return send(
        "9999041;PROPOFOL;240;60",
        "9999021;MIDAZOLAM;4200;35",
        "9999038;ATRACURIUM;1,234;5",
        "9999052;NORADRENALINE;10;1",
        "9999069;KETAMINE;;",
        "9123456;ASPIRINE;1;1",
    )


def plain(text):
    return text.replace("\u00a0", " ")


def test_the_page_counts_what_it_holds(row):
    preview = preview_of(row)
    assert (preview.read, preview.followed, len(preview.missing)) == (4, 6, 2)
    assert [len(preview.refused), len(preview.unknown), len(preview.changes)] == [1, 1, 1]
    assert [len(preview.outside), len(preview.fine), len(preview.blank)] == [1, 1, 1]
    assert plain(preview.decided_sentence) == "1 code non reconnu, 1 gros écart"
    assert preview.counted_as == "UCD suivies"


def test_what_is_still_to_answer_is_said_then_what_will_be_stored(row, gf, products):
    preview = preview_of(row)
    assert plain(preview.waiting_sentence) == "2 réponses manquent : un code et un écart."
    assert plain(preview.confirmation).startswith(
        "1 ligne sans remarque, plus celles que vous acceptez parmi les 2 à décider : 3 au plus. "
        "La ligne refusée et les 3 produits absents ou sans quantité restent non transmis. "
        "Tout est enregistré en une fois, ou rien ne l’est."
    )
    answers = {2: Choice(Answer.CHOSEN, products[0].pk), 3: Choice(Answer.SKIP)}
    preview = preview_of(answer(row, answers, by=gf, version=preview.version))
    assert preview.waiting_sentence == ""
    assert plain(preview.confirmation).startswith(
        "1 ligne sans remarque, plus 1 que vous avez acceptée : 2. La ligne refusée, la ligne "
        "laissée de côté et les 2 produits absents ou sans quantité restent non transmis."
    )


def test_a_file_without_any_remark_says_so_shortly(shown, products):
    preview = shown(*(f"{code};;10;1" for code in CODES))
    assert plain(preview.confirmation).startswith("6 lignes sans remarque. Tout est enregistré")


def test_one_product_absent_is_one(shown, products):
    preview = shown(*(f"{code};;10;1" for code in CODES[1:]))
    assert "Le produit absent ou sans quantité reste non transmis." in plain(preview.confirmation)


def test_only_products_that_no_line_takes_are_offered(row, products):
    offered = preview_of(row).choices
    assert products[0] in offered
    assert products[2] in offered  # its line is refused
    assert products[1] not in offered
    assert products[3] not in offered


def test_the_columns_are_shown_with_what_they_were_read_as(send, products):
    preview = preview_of(send("9999014;A1;10;1", header="Code UCD;Emplacement;Qté;Conso/jour"))
    assert [(one.header, one.label) for one in preview.columns] == [
        ("Code UCD", "UCD"),
        ("Emplacement", ""),
        ("Qté", "Quantité en stock"),
        ("Conso/jour", "Consommation moyenne journalière"),
    ]


def test_the_remarks_make_a_file(row):
    rows = remark_rows(preview_of(row))
    assert [(row[0], row[3], row[4]) for row in rows] == [
        (2, "UCD", "9999041"),
        (3, "Écart", ""),
        (4, "Quantité en stock", "1,234"),
        (7, "UCD", "9123456"),
    ]


def test_a_line_carries_its_priority_and_the_name_of_its_answer(shown):
    make_followed(make_product(code="9999014"), priority=Priority.NATIONAL)
    line = shown("9999014;;1;1").fine[0]
    assert (line.priority, line.name) == (Priority.NATIONAL, "ligne-2")


def test_products_declared_for_the_first_time_are_known(row):
    assert [one.product.code for one in preview_of(row).new] == ["9999052"]
