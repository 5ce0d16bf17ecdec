"""The nearest expiry in a file: optional, read as boxes print it, and it never costs the stock."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from common.exports import template_workbook
from pui.models import ColumnMapping, LatestStock, ReplacedStock, StockLine, SwitchOver
from pui.services.transmitting import TransmittingError, confirm, deposit, remap
from pui.transfer.columns import EXPIRY, WRITTEN
from pui.transfer.differences import differences, receipt_of
from pui.transfer.preview import preview_of
from pui.transfer.remarks import remark_rows
from pui.transfer.template import NOTES, TEXT_COLUMNS, template_rows
from tests.pui.builders import make_followed, make_product, make_transmission
from tests.pui.transfer.conftest import NOW
from tests.pui.transfer.test_differences import file_of

pytestmark = pytest.mark.django_db
HEADER = "UCD;Stock;CMJ;Péremption"
MARCH = date(2021, 3, 31)


@pytest.fixture(autouse=True)
def products():
    codes = ("9999014", "9999021", "9999038")
    return [make_followed(make_product(f"PRODUIT {code}", code=code)) for code in codes]


@pytest.fixture
def stored(gf):
    """Confirm a transmission; what was stored, by code."""

    def confirmed(row, **options):
        version = row.report["version"]
        confirm(row, by=gf, version=version, now=NOW, **options)
        rows = StockLine.objects.values_list("product__code", "stock", "nearest_expiry")
        return {code: (stock, expiry) for code, stock, expiry in rows}

    return confirmed


def told(preview):
    return [
        (one.line.number, remark.value, remark.reason)
        for one in preview.expiries
        for remark in one.line.expiry_remarks
    ]


@pytest.mark.parametrize(
    "header",
    [
        *("Péremption", "DATE DE PEREMPTION", "DLU", "Date limite", "Péremption la plus proche"),
        *("expiry", "Date d’expiration", "Péremption au 17/11/2020"),
    ],
)
def test_the_column_is_known_under_its_usual_names(send, header):
    row = send("9999014;240;60;31/03/2021", header=f"UCD;Stock;CMJ;{header}")
    preview = preview_of(row)
    assert preview.columns[-1].label == "Péremption la plus proche"
    assert preview.fine[0].line.nearest_expiry == MARCH


@pytest.mark.parametrize("text", ["31/03/2021", "2021-03-31", "03/2021", "31.3.2021"])
def test_a_day_or_a_month_is_stored_with_the_stock(send, stored, text):
    assert stored(send(f"9999014;240;60;{text}", header=HEADER)) == {"9999014": (240, MARCH)}
    assert LatestStock.objects.get().nearest_expiry == MARCH


def test_a_real_date_of_a_workbook_is_read(pui, gf, autres, due_on, stored):
    rows = [("9999014", 240, 60, MARCH)]
    data = template_workbook(HEADER.split(";"), rows, [])
    place = {"pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    row = deposit(SimpleUploadedFile("stock.xlsx", data), by=gf, **place).transmission
    assert stored(row) == {"9999014": (240, MARCH)}


def test_without_the_column_nothing_is_declared_nor_asked(send, stored):
    row = send("9999014;240;60", header="UCD;Stock;CMJ")
    assert preview_of(row).expiries == []
    assert stored(row) == {"9999014": (240, None)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("bientôt", "ce texte n’en est pas une"),
        ("03/27", "l’année n’a que deux chiffres"),
        ("31/02/2021", "ce jour n’existe pas"),
        ("12/1999", "elle est avant 2000"),
        ("12/2190", f"elle est après {timezone.localdate().year + 20}"),
    ],
)
def test_what_is_no_expiry_is_told_at_its_cell_and_the_stock_is_kept(send, stored, text, reason):
    row = send(f"9999014;240;60;{text}", "9999021;1;1;", header=HEADER)
    preview = preview_of(row)
    assert told(preview) == [(2, text, reason)]
    assert (preview.refused, preview.waiting, len(preview.fine)) == ([], 0, 2)
    assert stored(row) == {"9999014": (240, None), "9999021": (1, None)}
    row.refresh_from_db()
    assert [(line.number, one.value) for line, one in receipt_of(row).expiries] == [(2, text)]


@pytest.mark.parametrize("stock", ["0", ""])
def test_an_expiry_without_stock_is_told_and_left_out(send, stored, stock):
    row = send(f"9999014;{stock};60;03/2021", "9999021;1;1;", header=HEADER)
    assert told(preview_of(row)) == [(2, "31/03/2021", "il n’y a pas de stock")]
    assert stored(row)["9999014"][1] is None


def test_what_is_expired_on_the_due_day_asks_for_a_confirmation(send, stored, due_on, gf):
    row = send("9999014;240;60;10/2020", "9999021;1;1;03/2021", header=HEADER)
    preview = preview_of(row)
    assert [one.gaps for one in preview.changes] == [["périmé depuis le 31/10/2020"]]
    assert preview.decided_sentence == "1\u00a0produit périmé"
    with pytest.raises(TransmittingError, match="1\u00a0réponse manque"):
        stored(row)
    assert not StockLine.objects.exists()


def test_the_due_day_itself_is_the_last_good_day(send, due_on):
    row = send(f"9999014;240;60;{due_on:%d/%m/%Y}", header=HEADER)
    assert preview_of(row).changes == []


def test_a_remark_on_an_expiry_is_in_the_file_of_the_remarks(send):
    rows = remark_rows(preview_of(send("9999014;240;60;bientôt", header=HEADER)))
    assert [(row[0], row[3], row[4]) for row in rows] == [(2, EXPIRY.header, "bientôt")]


def test_a_column_that_the_person_names_is_remembered(send, gf):
    row = send("9999014;240;60;03/2021", header="UCD;Stock;CMJ;A jeter")
    told_of = {"ucd": "UCD", "stock": "Stock", "daily": "CMJ", "label": "", "expiry": "A jeter"}
    row = remap(row, told_of, by=gf)
    assert preview_of(row).fine[0].line.nearest_expiry == MARCH
    assert ColumnMapping.objects.get().columns["expiry"] == "A jeter"
    again = send("9999014;250;60;04/2021", header="UCD;Stock;CMJ;A jeter")
    assert preview_of(again).fine[0].line.nearest_expiry == date(2021, 4, 30)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_its_own_file_read_back_keeps_the_expiries(pui, gf, autres, due_on, products, kind):
    lines = {
        products[0]: (1234, "0.33", MARCH),
        products[1]: (0, None),
        products[2]: (5, None, date(2040, 2, 29)),
    }
    first = make_transmission(pui, lines, by=gf, due_on=due_on, now=NOW)
    sent = SimpleUploadedFile(f"export.{kind}", file_of(first, kind))
    place = {"pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    row = deposit(sent, by=gf, **place).transmission
    preview = preview_of(row)
    assert (len(preview.fine), preview.waiting, preview.expiries) == (3, 0, [])
    second = confirm(row, by=gf, version=preview.version, now=NOW)
    assert differences(first, second) == []


def test_the_template_has_the_column_and_says_that_it_is_optional(pui, gf, autres, due_on):
    rows = template_rows(pui, autres, due_on)
    filled = [(*row[:3], 5, "0,5", "03/2021", row[6]) for row in rows]
    data = template_workbook(list(WRITTEN), filled, NOTES, text_columns=TEXT_COLUMNS)
    place = {"pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    row = deposit(SimpleUploadedFile("modele.xlsx", data), by=gf, **place).transmission
    assert {one.line.nearest_expiry for one in preview_of(row).fine} == {MARCH}
    assert any("facultative" in note for note in NOTES)


def test_mapui_may_tell_the_nearest_expiry_of_a_whole_reference(pui, send, stored):
    SwitchOver.objects.create(region=pui.establishment.region, switches_on=NOW.date())
    row = send("MIDAZOLAM;5 mg/ml;90;9;03/2021", header="Molécule;Dosage;Stock;CMJ;DLU")
    assert list(stored(row).values()) == [(90, MARCH)]


def test_a_new_expiry_alone_is_a_difference_and_the_former_is_kept(pui, gf, due_on, products):
    first, second = (
        make_transmission(pui, {products[0]: (10, 1, day)}, by=gf, due_on=due_on, now=NOW)
        for day in (MARCH, date(2021, 6, 30))
    )
    [found] = differences(first, second)
    assert found.expiries == (MARCH, date(2021, 6, 30))
    assert ReplacedStock.objects.get().nearest_expiry == MARCH
    assert LatestStock.objects.get().nearest_expiry == date(2021, 6, 30)


def test_a_correction_without_the_column_takes_the_expiry_back(pui, gf, due_on, products):
    make_transmission(pui, {products[0]: (10, 1, MARCH)}, by=gf, due_on=due_on, now=NOW)
    make_transmission(pui, {products[0]: (10, 1)}, by=gf, due_on=due_on, now=NOW)
    assert LatestStock.objects.get().nearest_expiry is None


def test_the_summary_falls_back_on_the_expiry_of_the_line_before(pui, gf, due_days, products):
    make_transmission(pui, {products[0]: (10, 1, MARCH)}, by=gf, due_on=due_days[0], now=NOW)
    both = {products[0]: (9, 1, date(2021, 6, 30)), products[1]: (1, 1)}
    make_transmission(pui, both, by=gf, due_on=due_days[1], now=NOW)
    make_transmission(pui, {products[1]: (1, 1)}, by=gf, due_on=due_days[1], now=NOW)
    assert LatestStock.objects.get(product=products[0]).nearest_expiry == MARCH


def test_boxes_converted_keep_their_expiry_and_none_is_kept_without_units(send):
    line = preview_of(send("9999014;240;60;03/2021", header=HEADER)).fine[0].line
    assert line.nearest_expiry == MARCH
    line.stock = None
    assert line.nearest_expiry is None


def test_the_file_says_the_same_through_json(send):
    row = send("9999014;240;60;10/2020", header=HEADER)
    row.refresh_from_db()
    [change] = preview_of(row).changes
    assert (change.line.expiry, change.line.is_expired) == (date(2020, 10, 31), True)


def test_nothing_more_is_kept_of_a_line_without_expiry(send):
    row = send("9999014;240;60", header="UCD;Stock;CMJ")
    assert not {"expiry", "is_expired"} & set(row.content[0])
    assert preview_of(row).fine[0].line.nearest_expiry is None
