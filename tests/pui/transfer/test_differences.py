"""The receipt of a transmission, its file, and what another one changed."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.exports import template_workbook, write_csv
from pui.models import SwitchOver
from pui.services.transmitting import Choice, TransmittingError, answer, confirm, deposit
from pui.transfer.changes import Quantities
from pui.transfer.columns import WRITTEN
from pui.transfer.differences import declared_by, differences, export_of, receipt_of
from pui.transfer.preview import preview_of
from pui.transfer.shapes import Answer
from pui.transfer.template import NOTES, TEXT_COLUMNS, template_rows
from tests.pui.builders import make_followed, make_product, make_transmission
from tests.pui.transfer.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def products():
    return [make_followed(make_product(f"PRODUIT {code}", code=code)) for code in CODES]


CODES = ["9999014", "9999021", "9999038"]


def test_only_what_changed_is_told_with_its_size(pui, gf, due_on, products):
    one, two, three = products
    first = make_transmission(pui, {one: (10, 1), two: (400, 5)}, by=gf, due_on=due_on, now=NOW)
    lines = {one: (10, 1), two: (40, 5), three: (None, 2)}
    second = make_transmission(pui, lines, by=gf, due_on=due_on, now=NOW)
    found = {one.product: (one.before, one.after, one.gaps) for one in differences(first, second)}
    assert found == {
        two: (Quantities(400, 5), Quantities(40, 5), ["stock ÷ 10"]),
        three: (None, Quantities(None, 2), []),
    }
    back = make_transmission(pui, {one: (10, 1)}, by=gf, due_on=due_on, now=NOW)
    assert differences(first, second) != []
    assert set(declared_by(back)) == {one.pk}


def test_the_receipt_says_what_was_stored_and_what_was_not(send, gf, products):
    row = send("9999014;A;240;60", "9999201;PRODUIT;1;1", "9999038;C;1,234;1", "9123456;X;1;1")
    row = answer(row, {3: Choice(Answer.SKIP)}, by=gf, version=row.report["version"])
    done = confirm(row, by=gf, version=row.report["version"], without_refused=True, now=NOW)
    receipt = receipt_of(done)
    assert [(one.product.code, one.quantities[:2]) for one in receipt.lines] == [
        ("9999014", (240, 60))
    ]
    assert [one.code for one in receipt.not_declared] == ["9999021", "9999038"]
    assert [line.number for line in receipt.refused] == [4]
    assert [line.number for line in receipt.left_out] == [3]
    assert receipt.outside == ["9123456"]
    assert (receipt.sent_by, receipt.sent_at, receipt.is_late) == (str(gf), NOW, False)


def test_the_receipt_of_a_replaced_transmission_still_says_what_it_declared(
    pui, gf, due_on, products
):
    first = make_transmission(pui, {products[0]: (10, 1)}, by=gf, due_on=due_on, now=NOW)
    make_transmission(pui, {products[0]: (20, 1)}, by=gf, due_on=due_on, now=NOW)
    first.refresh_from_db()
    receipt = receipt_of(first)
    assert receipt.lines[0].quantities == Quantities(10, 1)
    assert receipt.replaced_at == NOW


def test_a_transmission_of_a_past_due_day_is_late(pui, gf, due_days, products):
    done = make_transmission(pui, {products[0]: (1, 1)}, by=gf, due_on=due_days[0], now=NOW)
    assert receipt_of(done).is_late


def file_of(transmission, kind):
    headers, rows = export_of(transmission)
    if kind == "xlsx":
        return template_workbook(list(headers), rows, [])
    file = io.BytesIO()
    write_csv(file, headers, rows)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_of_what_came_from_mapui_read_back_changes_nothing(
    pui, gf, autres, due_on, products, send, kind
):
    SwitchOver.objects.create(region=pui.establishment.region, switches_on=NOW.date())
    row = send("MIDAZOLAM;5 mg/ml;90;9,5", header="Molécule;Dosage;Stock;CMJ")
    first = confirm(row, by=gf, version=row.report["version"], now=NOW)
    sent = SimpleUploadedFile(f"export.{kind}", file_of(first, kind))
    place = {"pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    row = deposit(sent, by=gf, **place).transmission
    second = confirm(row, by=gf, version=row.report["version"], now=NOW)
    assert second.origin == "mapui"
    assert differences(first, second) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_its_own_file_read_back_changes_nothing(pui, gf, autres, due_on, products, kind):
    lines = {products[0]: (1234, "0.33"), products[1]: (0, None), products[2]: (None, "7.5")}
    first = make_transmission(pui, lines, by=gf, due_on=due_on, now=NOW)
    data = file_of(first, kind)
    sent = SimpleUploadedFile(f"export.{kind}", data)
    place = {"pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    row = deposit(sent, by=gf, **place).transmission
    preview = preview_of(row)
    assert (len(preview.fine), preview.waiting, preview.refused) == (3, 0, [])
    second = confirm(row, by=gf, version=preview.version, now=NOW)
    assert differences(first, second) == []


def test_the_template_names_every_product_and_comes_back_filled(pui, gf, autres, due_on, products):
    rows = template_rows(pui, autres, due_on)
    assert [row[0] for row in rows] == CODES
    filled = [(*row[:3], 5, "0,5", None, row[6]) for row in rows]
    data = template_workbook(list(WRITTEN), filled, NOTES, text_columns=TEXT_COLUMNS)
    place = {"pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    row = deposit(SimpleUploadedFile("modele.xlsx", data), by=gf, **place).transmission
    assert len(preview_of(row).fine) == 3


def test_a_template_sent_empty_says_nothing(pui, gf, autres, due_on, products):
    data = template_workbook(list(WRITTEN), template_rows(pui, autres, due_on), NOTES)
    place = {"pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    row = deposit(SimpleUploadedFile("modele.xlsx", data), by=gf, **place).transmission
    preview = preview_of(row)
    assert (len(preview.blank), preview.missing, preview.declared) == (3, [], 0)
    with pytest.raises(TransmittingError, match="Aucune quantité"):
        confirm(row, by=gf, version=preview.version, now=NOW)
