"""Inventories by file: all errors told, nothing declared before, all or nothing, once."""

import io

import pytest
from openpyxl import load_workbook

from common.exports import template_workbook, write_csv
from common.tabular.errors import MOST_ERRORS
from common.weeks import current_week, shift
from epi_stocks.models import CentralCoverage, InventoryImport, InventoryLine
from epi_stocks.services.saving import CellChange, save_cells
from epi_stocks.transfer import (
    TransferError,
    apply_import,
    export_inventory,
    inventory_template,
    preview_import,
)
from epi_stocks.transfer.columns import TEMPLATE_HEADERS
from journal.models import Entry
from tests.builders import make_establishment, make_line, make_person
from tests.locks import before_another

pytestmark = pytest.mark.django_db
WEEK = current_week()


@pytest.fixture
def place():
    return make_establishment()


@pytest.fixture
def person(place):
    return make_person("OIE", on=place)


def file_of(*rows, headers=TEMPLATE_HEADERS):
    return io.BytesIO(template_workbook(headers, rows, []))


def row(place, item="Masques FFP2", stock=None, daily=None, supply=None):
    finess = getattr(place, "finess", place)
    return (finess, "", item, stock, daily, supply)


def preview(person, *rows, **options):
    return preview_import(by=person, file=file_of(*rows), week=WEEK, filename="epi.xlsx", **options)


def reasons(result):
    return [(error.line, error.reason) for error in result.errors]


def test_a_file_is_shown_then_declared_at_once(person, place):
    other = make_establishment(place.legal_entity)
    shown = preview(person, row(place, stock=10, daily=2), row(other, "Gants", stock=0))
    assert (len(shown.changes), shown.establishments, reasons(shown)) == (3, 2, [])
    assert not InventoryLine.objects.exists()
    done = apply_import(by=person, import_id=shown.import_id)
    assert (done.establishments, done.cells) == (2, 3)
    line = InventoryLine.objects.get(establishment=place)
    assert (line.stock, line.daily, line.supply, line.saved_by) == (10, 2, None, person)
    assert Entry.objects.filter(verb="epi_stocks.inventory_imported").count() == 1


def test_a_blank_cell_changes_nothing_and_zero_is_a_value(person, place):
    make_line(place, WEEK, 2, stock=7, daily=3)
    shown = preview(person, row(place, stock=None, daily=0))
    apply_import(by=person, import_id=shown.import_id)
    line = InventoryLine.objects.get(establishment=place)
    assert (line.stock, line.daily) == (7, 0)


def test_the_same_file_twice_is_one_import_and_says_when(person, place):
    file = file_of(row(place, stock=10))
    shown = preview_import(by=person, file=file, week=WEEK)
    twin = preview_import(by=person, file=io.BytesIO(file.getvalue()), week=WEEK)
    apply_import(by=person, import_id=shown.import_id)
    with pytest.raises(TransferError, match="déjà été importé le"):
        apply_import(by=person, import_id=twin.import_id)
    again = preview_import(by=person, file=io.BytesIO(file.getvalue()), week=WEEK)
    assert again.import_id is None
    assert "déjà été importé le" in again.already


def test_every_error_is_told_with_its_line_and_nothing_can_be_applied(person, place):
    stranger = make_establishment()
    shown = preview(
        person,
        row(stranger, stock=1),
        row(place, "Kayaks", stock=1),
        row(place, stock="1 2O0"),
        row("123", stock=1),
    )
    assert [line for line, _ in reasons(shown)] == [2, 3, 4, 5]
    assert reasons(shown)[0][1] == "il n’est pas dans votre périmètre"
    assert "lettre O" in reasons(shown)[2][1]
    assert shown.import_id is None
    assert not InventoryImport.objects.exists()


def test_a_file_wrong_from_end_to_end_is_not_read_to_its_end(person, monkeypatch):
    file = io.BytesIO()
    write_csv(file, TEMPLATE_HEADERS, [("x", "", "y", "z", "z", "z")] * 5_000)
    read = []
    monkeypatch.setattr("epi_stocks.transfer.lines.parse_integer", lambda value: read.append(value))
    shown = preview_import(by=person, file=file, week=WEEK)
    assert shown.errors.is_cut
    assert len(shown.errors) == MOST_ERRORS
    assert len(read) < 5_000


def test_a_line_given_twice_is_wrong_on_both(person, place):
    shown = preview(person, row(place, stock=1), row(place, stock=2), row(place, "Gants", stock=2))
    assert [line for line, _ in reasons(shown)] == [2, 3]


def test_gloves_by_size_and_in_total_are_refused_together(person, place):
    shown = preview(person, row(place, "Gants", stock=1), row(place, "Gants médicaux M", stock=2))
    assert [line for line, _ in reasons(shown)] == [2, 3]


def test_a_total_over_sizes_typed_on_screen_is_refused(person, place):
    make_line(place, WEEK, 401, stock=5)
    shown = preview(person, row(place, "Gants", stock=1))
    assert reasons(shown) == [(2, "ses tailles sont déjà saisies cette semaine")]


def test_a_lost_zero_is_proposed_within_the_perimeter_and_never_applied(place):
    own = make_establishment(place.legal_entity, finess="010000024")
    person = make_person("OIE", on=own)
    shown = preview(person, row("10000024", stock=1))
    assert "01\u00a0000\u00a0002\u00a04" in reasons(shown)[0][1]
    stranger = make_person("OIE")
    assert "01\u00a0000" not in reasons(preview(stranger, row("10000024", stock=1)))[0][1]


def test_closed_weeks_and_covered_sites_are_refused(person, place):
    file = file_of(row(place, stock=1))
    closed = preview_import(by=person, file=file, week=shift(WEEK, -6))
    assert reasons(closed) == [(2, "la semaine n’est pas ouverte à la saisie")]
    main = make_establishment(place.legal_entity, name="CH Principal")
    CentralCoverage.objects.create(declaring=main, covered=place, first_week=WEEK)
    assert reasons(preview(person, row(place, stock=1))) == [
        (2, "ce site est couvert par CH Principal")
    ]


def test_a_cell_changed_since_the_preview_stops_everything(person, place):
    other = make_establishment(place.legal_entity)
    shown = preview(person, row(place, stock=10), row(other, stock=20))
    change = CellChange(2, "stock", 99, None)
    save_cells(by=person, week=WEEK, establishment_id=other.pk, changes=[change])
    with pytest.raises(TransferError, match="a changé depuis"):
        apply_import(by=person, import_id=shown.import_id)
    assert not InventoryLine.objects.filter(establishment=place).exists()


def test_an_import_is_applied_by_whoever_saw_it(person, place):
    shown = preview(person, row(place, stock=10))
    with pytest.raises(TransferError, match="plus en attente"):
        apply_import(by=make_person("OIE", on=place), import_id=shown.import_id)


def test_a_doubtful_value_is_told_and_does_not_block(person, place):
    make_line(place, shift(WEEK, -1), 2, stock=100)
    shown = preview(person, row(place, stock=5000))
    assert [cell.doubt[:7] for cell in shown.doubts] == ["50 fois"]
    assert shown.import_id


def content(response):
    data = b"".join(response.streaming_content)
    response.file_to_stream.close()  # the request's own end would close the connection
    return io.BytesIO(data)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_read_back_changes_nothing(kind, person, place):
    make_line(place, WEEK, 1, stock=1234567, daily=0)
    make_line(place, WEEK, 402, supply=5)
    response = export_inventory(person, establishment_ids=[place.pk], weeks=[WEEK], kind=kind)
    shown = preview_import(by=person, file=content(response), week=WEEK)
    assert (shown.changes, shown.unchanged, reasons(shown)) == ([], 3, [])


def test_a_line_of_another_week_is_refused(person, place):
    make_line(place, shift(WEEK, -1), 1, stock=5)
    response = export_inventory(person, establishment_ids=[place.pk])
    shown = preview_import(by=person, file=content(response), week=WEEK)
    assert reasons(shown) == [(2, "ce n’est pas la semaine choisie")]


def test_of_a_line_of_another_week_nothing_else_is_said(person, place):
    before = shift(WEEK, -1)
    for week in (before, WEEK):
        make_line(place, week, 1, stock=5)
    make_line(place, before, 4, stock=900)
    make_line(place, WEEK, 401, stock=100)
    response = export_inventory(person, establishment_ids=[place.pk])
    shown = preview_import(by=person, file=content(response), week=WEEK)
    assert {reason for _, reason in reasons(shown)} == {"ce n’est pas la semaine choisie"}
    assert len(shown.errors) == 2


def test_an_export_stops_at_the_perimeter_and_is_journaled(person, place):
    make_line(make_establishment(), WEEK, 1, stock=5)
    stranger = InventoryLine.objects.get().establishment_id
    response = export_inventory(person, establishment_ids=[place.pk, stranger])
    sheet = load_workbook(content(response)).active
    assert sheet.max_row == 1
    assert Entry.objects.filter(verb="epi_stocks.exported", by=person).exists()


def test_the_template_holds_the_person_s_sites_and_is_read_back_empty(person, place):
    file = content(inventory_template(person, WEEK))
    sheet = load_workbook(file).active
    assert (sheet["A2"].value, sheet["C2"].value) == (place.finess, "Masques chirurgicaux")
    assert sheet.max_row == 1 + 20
    file.seek(0)
    assert reasons(preview_import(by=person, file=file, week=WEEK)) == []


def test_a_csv_is_read_as_well(person, place):
    file = io.BytesIO()
    write_csv(file, TEMPLATE_HEADERS, [row(place, stock=10)])
    file.seek(0)
    assert len(preview_import(by=person, file=file, week=WEEK).changes) == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_confirming_the_same_file_together_import_it_once():
    place = make_establishment()
    first, second = (make_person("OIE", on=place) for _ in range(2))
    file = file_of(row(place, stock=10)).getvalue()
    drafts = [
        preview_import(by=one, file=io.BytesIO(file), week=WEEK).import_id
        for one in (first, second)
    ]

    def confirm():
        apply_import(by=second, import_id=drafts[1])

    with before_another(confirm, refused=TransferError) as refusals:
        apply_import(by=first, import_id=drafts[0])
    assert "déjà été importé le" in str(refusals[0])
    assert InventoryImport.objects.filter(applied_at__isnull=False).count() == 1
