"""The public tables of codes, imported whole or not at all."""

import csv
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from journal.models import Entry
from medications.models import Monitoring, Presentation, Priority, Product
from medications.regrouping import SETTLE
from medications.services.reference import load_medication_reference
from tests.medications.files import (
    BDPM_HEADERS,
    CIO_HEADERS,
    CNAM_HEADERS,
    cio_line,
    cnam_line,
    write,
)
from tests.pui.builders import make_followed, make_product, make_reference

pytestmark = pytest.mark.django_db
REAL, OTHER_REAL = "9276549", "9280568"
BOX, OTHER_BOX = "3400930000014", "3400930000021"
REFERENCE_DATA = os.environ.get("REFERENCE_DATA", "")
needs_real_tables = pytest.mark.skipif(
    not REFERENCE_DATA, reason="REFERENCE_DATA ne dit pas où sont les tables réelles"
)


def run(path, *options, capsys):
    call_command("import_ucd", str(path), *options)
    return capsys.readouterr()


@pytest.fixture
def importing(tmp_path, capsys):
    """``importing(headers, lines, "--apply")``: the file made and imported; what was said."""

    def do(headers, lines, *options, **how):
        path = write(tmp_path / "table.csv", headers, lines, **how)
        return run(path, *options, capsys=capsys)

    return do


def test_without_apply_nothing_is_written_and_all_is_told(importing):
    told = importing(CNAM_HEADERS, [cnam_line()])
    assert "UCD\u00a0: 1 créée, 0 modifiée, 0 inchangée." in told.out
    assert "rien n’est écrit" in told.out
    assert not Product.objects.exists()
    assert not Entry.objects.exists()


def test_a_ucd_is_read_with_its_molecule_its_strength_and_its_laboratory(importing):
    line = cnam_line(REAL, "BELUSTINE 40 mg", strength="40.0000", unit="MG")
    importing(CNAM_HEADERS, [line], "--apply")
    product = Product.objects.get(code=REAL)
    assert (product.label, product.strength, product.atc) == ("BELUSTINE 40 mg", "40 mg", "L01AD02")
    assert product.substance.name == "LOMUSTINE"
    assert (product.is_fictitious, product.source) == (False, "CNAM")
    entry = Entry.objects.get(verb="medications.nomenclature_imported")
    assert entry.details["units"] == {"créée": 1, "modifiée": 0, "inchangée": 0}


def test_the_same_file_again_changes_nothing(importing):
    lines = [cio_line(REAL, BOX), cio_line(REAL, OTHER_BOX, units=5)]
    importing(CIO_HEADERS, lines, "--apply")
    before = Product.objects.get(code=REAL).updated_at
    told = importing(CIO_HEADERS, lines, "--apply")
    assert "1 inchangée" in told.out
    assert "2 inchangées" in told.out
    assert "Rien à changer." in told.out
    assert Product.objects.get(code=REAL).updated_at == before


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig", "cp1252"])
def test_the_table_of_boxes_is_read_in_its_encodings_under_its_titles(importing, encoding):
    titles = ["Table de correspondance CIP_UCD", "Édition de novembre 2022;;;"]
    lines = [
        cio_line(REAL, BOX, "MÉDICAMENT 50MG/10ML AMP"),
        cio_line(REAL, OTHER_BOX, "MÉDICAMENT 50MG/10ML AMP", units=50),
    ]
    importing(CIO_HEADERS, lines, "--apply", encoding=encoding, titles=titles)
    product = Product.objects.get(code=REAL)
    assert product.label == "MÉDICAMENT 50MG/10ML AMP"
    boxes = product.presentations.values_list("cip13", "units", "laboratory")
    assert list(boxes) == [(BOX, 10, "LABO REEL"), (OTHER_BOX, 50, "LABO REEL")]


def test_boxes_without_unit_keep_the_unit_that_another_table_told(importing):
    importing(CIO_HEADERS, [cio_line(REAL, BOX)], "--apply")
    line = f"{BOX};60181402;MIDAZOLAM, solution;solution;iv;10 ampoules;false"
    importing(BDPM_HEADERS, [line, f"{OTHER_BOX};6;AUTRE;s;iv;1 flacon;true"], "--apply")
    box = Presentation.objects.get(cip13=BOX)
    assert (box.product.code, box.label) == (REAL, "MIDAZOLAM, solution, 10 ampoules")
    assert not box.is_marketed
    assert Presentation.objects.get(cip13=OTHER_BOX).product is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0.1250", "0,125 mg"),
        ("0,0625", "0,0625 mg"),
        ("2.9000", "2,9 mg"),
        ("1000.0000", "1\u202f000 mg"),
        ("1e400", "1e400 mg"),
        ("NaN", "NaN mg"),
    ],
)
def test_every_decimal_of_a_strength_is_kept(importing, written, read):
    importing(CNAM_HEADERS, [cnam_line(REAL, strength=written, unit="MG")], "--apply")
    assert Product.objects.get(code=REAL).strength == read


def test_a_table_that_does_not_say_whether_a_box_is_sold_leaves_it_as_it_is(importing):
    importing(CIO_HEADERS, [cio_line(REAL, BOX, "MIDAZOLAM")], "--apply")
    assert Presentation.objects.get().is_marketed
    importing(BDPM_HEADERS, [f"{BOX};6;MIDAZOLAM B/10;s;iv;;false"], "--apply")
    told = importing(CIO_HEADERS, [cio_line(REAL, BOX, "MIDAZOLAM")], "--apply")
    assert "commercialisée" not in told.out
    assert not Presentation.objects.get().is_marketed


def test_blank_cells_leave_what_is_known(importing):
    importing(CNAM_HEADERS, [cnam_line(REAL)], "--apply")
    importing(
        CIO_HEADERS, [cio_line(REAL, BOX, "BELUSTINE 40 MG GELULE", laboratory="")], "--apply"
    )
    product = Product.objects.get(code=REAL)
    assert (product.label, product.atc) == ("BELUSTINE 40 MG GELULE", "L01AD02")
    assert product.laboratory == "LABO REEL"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (cnam_line("927654", ucd13=""), "il a 6 caractères"),
        (cnam_line(ucd13="3400892805689"), "ce n’est pas l’UCD13 de 9276549"),
        (cnam_line(label=""), "la case est vide"),
        (cnam_line(label="x" * 251), "il a 251 caractères"),
        (cnam_line(atc="AMOX"), "il n’en a pas la forme"),
        (cnam_line(ucd13="3,40089E+12"), "le tableur a transformé ce code"),
    ],
)
def test_one_refused_line_stops_all_unless_one_goes_on_without_it(importing, line, reason, capsys):
    lines = [cnam_line(OTHER_REAL), line]
    with pytest.raises(CommandError, match="1 ligne refusée"):
        importing(CNAM_HEADERS, lines, "--apply")
    told = capsys.readouterr().err
    assert "Ligne 3" in told
    assert reason in told
    assert not Product.objects.exists()
    importing(CNAM_HEADERS, lines, "--apply", "--without-refused")
    assert Product.objects.get().code == OTHER_REAL


def test_two_descriptions_of_one_code_refuse_both_lines(importing):
    told = importing(CNAM_HEADERS, [cnam_line(), cnam_line(label="AUTRE"), cnam_line(OTHER_REAL)])
    assert "Lignes refusées\u00a0: 2." in told.out
    told = importing(CIO_HEADERS, [cio_line(REAL, BOX), cio_line(OTHER_REAL, BOX)])
    assert "Lignes refusées\u00a0: 2." in told.out


def test_another_file_is_refused_with_what_is_known(importing, tmp_path):
    with pytest.raises(CommandError, match="aucune table connue"):
        importing("nom;prénom", ["a;b"])
    with pytest.raises(CommandError, match="n’existe pas"):
        call_command("import_ucd", str(tmp_path / "rien.csv"))


def test_the_fate_of_each_line_is_written_to_a_file(importing, tmp_path):
    report = tmp_path / "sort.csv"
    importing(CNAM_HEADERS, [cnam_line(REAL), cnam_line("12")], "--report", str(report))
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["Ligne"], row["Verdict"]) for row in csv.DictReader(file, delimiter=";")]
    assert rows == [("2", "créée"), ("3", "refusée")]


def test_what_the_national_cell_grouped_stays(importing):
    reference = make_reference("AUTRE", "1 mg")
    make_product("X", reference=reference, code=REAL)
    importing(CNAM_HEADERS, [cnam_line(REAL)], "--apply")
    product = Product.objects.get(code=REAL)
    assert (product.reference, product.substance) == (reference, reference.substance)


def test_a_real_line_takes_the_place_of_an_invented_code_which_stays_followed(importing):
    make_followed(make_product("FICTIF", code=REAL))
    told = importing(CNAM_HEADERS, [cnam_line(REAL)], "--apply")
    product = Product.objects.get(code=REAL)
    assert "prend la place d’un code fictif" in told.out
    assert not product.is_fictitious
    assert product.monitorings.count() == 1


@pytest.fixture
def invented():
    reference = make_reference("MIDAZOLAM", "50 mg/10 ml")
    make_reference("MIDAZOLAM", "5 mg/1 ml")
    return make_followed(make_product("FICTIF", reference=reference), priority=Priority.NATIONAL)


def test_a_known_product_that_joins_a_reference_has_its_stocks_settled_again(importing, invented):
    """What maPUI sent of the reference stands for it from now on: the pharmacies are looked at."""
    line = cio_line(REAL, BOX)
    loose = make_product("ANCIEN", code=REAL, substance=None, reference=invented.reference)
    Product.objects.filter(pk=loose.pk).update(reference=None)
    importing(CIO_HEADERS, [line])
    assert not ProcrastinateJob.objects.filter(task_name=SETTLE).exists(), "a dry run"
    importing(CIO_HEADERS, [line], "--apply")
    assert Product.objects.get(pk=loose.pk).reference == invented.reference
    job = ProcrastinateJob.objects.get(task_name=SETTLE)
    assert job.args == {"products": [loose.pk], "former": []}


def test_a_real_product_joins_the_reference_that_its_label_tells(importing, invented):
    importing(
        CIO_HEADERS, [cio_line(REAL, BOX), cio_line(OTHER_REAL, OTHER_BOX, "X 1MG")], "--apply"
    )
    assert Product.objects.get(code=REAL).reference == invented.reference
    assert Product.objects.get(code=OTHER_REAL).reference is None


def test_invented_products_are_replaced_only_when_asked_and_are_never_deleted(importing, invented):
    line = cio_line(REAL, BOX)
    told = importing(CIO_HEADERS, [line], "--apply")
    assert f"{invented.code} FICTIF (fictif) → {REAL}" in told.out
    assert not Monitoring.objects.filter(product__code=REAL).exists()
    importing(CIO_HEADERS, [line], "--apply", "--replace-fictitious")
    tomorrow = timezone.localdate() + timedelta(days=1)
    real = Monitoring.objects.get(product__code=REAL)
    invented.refresh_from_db()
    assert (real.priority, real.starts_on) == (Priority.NATIONAL, tomorrow)
    assert invented.monitorings.get().ends_on == timezone.localdate()
    assert invented.withdrawn_on == timezone.localdate()


def test_a_table_takes_as_many_statements_for_ten_products_as_for_a_thousand(
    tmp_path, capsys, django_assert_max_num_queries
):
    lines = [cnam_line(f"{1_000_000 + number}") for number in range(1_000)]
    path = write(tmp_path / "table.csv", CNAM_HEADERS, lines)
    with django_assert_max_num_queries(25):
        run(path, "--apply", capsys=capsys)
    assert Product.objects.count() == 1_000


@needs_real_tables
def test_the_real_table_of_the_health_insurance_is_imported_then_changes_nothing(capsys):
    load_medication_reference()
    path = Path(REFERENCE_DATA, "medicines", "ucd_cnam_2020-01.csv")
    assert "1892 créées" in run(path, "--apply", capsys=capsys).out
    assert Product.objects.filter(is_fictitious=False).count() == 1892
    assert "1892 inchangées" in run(path, "--apply", capsys=capsys).out


@needs_real_tables
def test_the_real_base_of_medicines_is_imported_then_changes_nothing(capsys):
    path = Path(REFERENCE_DATA, "medicines", "bdpm_monitored_2022-11.csv")
    assert "459 créées" in run(path, "--apply", capsys=capsys).out
    assert Presentation.objects.count() == 459
    assert "459 inchangées" in run(path, "--apply", capsys=capsys).out
