"""The list of a region: who reads and fills what, on screen and by the file both ways."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from accounts.models import Domain
from pui.models import Pui
from pui.onboarding.values import typed_of
from tests.builders import (
    make_department,
    make_establishment,
    make_person,
    make_region,
)
from tests.pui.builders import make_pui
from tests.pui.onboarding_pages.steps import XLSX, address, pharmacist, sent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["ARL", "ARA", "NAT", "NAL"])
def test_each_role_of_the_matrix_reads_the_list(client, line, code):
    reader = client
    reader.force_login(make_person(code, domain=None if code == "ARA" else Domain.DISPOSTOCK))
    assert "CH de Blois" in reader.get(address("_region", "24")).text
    assert reader.get(address("_line", line.pk)).status_code == 200
    assert reader.get(address("_file", "24")).status_code == 200


def test_another_region_does_not_exist(client_for, line):
    stranger = client_for("ARA", on=make_region("11", "Île-de-France"))
    for page in (address("_region", "24"), address("_line", line.pk), address("_file", "24")):
        assert stranger.get(page).status_code == 404


def test_a_reader_fills_nothing(client, line):
    reader = client
    reader.force_login(make_person("ARL", domain=Domain.DISPOSTOCK))
    for name in ("_add", "_upload", "_validate", "_tell"):
        assert reader.get(address(name, "24")).status_code == 403
    assert reader.post(address("_line", line.pk), sent(line)).status_code == 403


def test_an_ars_sets_no_calendar_and_makes_no_list(ars, made):
    assert ars.get(address("_switch", "24")).status_code == 403
    assert ars.get(address("_sources")).status_code == 403
    assert ars.post(address("_make")).status_code == 403


def test_a_line_is_filled_on_screen_then_validated(ars, line, hospital):
    page = address("_line", line.pk)
    finess = " ".join(hospital.finess)
    ars.post(page, sent(line, site=finess, label="PUI CH Blois"))
    line.refresh_from_db()
    assert line.site == hospital
    shown = ars.get(page)
    ars.post(address("_validate_line", line.pk), {"seen": shown.context["seen"]})
    assert Pui.objects.get().label == "PUI CH Blois"
    assert "Demander au directeur" in ars.get(page).text


def test_two_forms_of_one_line_do_not_overwrite_each_other(ars, line, hospital):
    stale = sent(line, site=hospital.finess, label="PUI B")
    ars.post(address("_line", line.pk), sent(line, site=hospital.finess, label="PUI A"))
    answer = ars.post(address("_line", line.pk), stale)
    assert answer.status_code == 409
    assert "PUI A" in answer.text
    assert 'value="PUI B"' in answer.text


def test_the_list_downloaded_and_sent_back_changes_nothing(ars, line, hospital):
    make_pui("PUI CH Tours", on=make_establishment())
    ars.post(address("_line", line.pk), sent(line, site=hospital.finess, label="PUI 01"))
    content = b"".join(ars.get(address("_file", "24")).streaming_content)
    file = SimpleUploadedFile("liste.xlsx", content, XLSX)
    answer = ars.post(address("_upload", "24"), {"file": file})
    assert answer.status_code == 200
    assert answer.context["checked"].changes == []
    assert "Rien ne change" in answer.text


def test_the_codes_of_the_file_are_text_that_keeps_its_zeros(ars, hospital, made):
    ain = make_department("01", "Ain", region=make_region())
    site = make_establishment(department=ain)
    typed = {"site": site.finess, "label": "PUI de l’Ain", "ipe": "007"}
    ars.post(address("_add", "24"), typed)
    content = b"".join(ars.get(address("_file", "24")).streaming_content)
    rows = list(load_workbook(io.BytesIO(content))["PUI"].values)
    assert rows[0][:4] == ("Action", "FINESS géographique", "Libellé de la PUI", "IPE")
    added = next(row for row in rows if row[2] == "PUI de l’Ain")
    assert added[:4] == ("A créer", site.finess, "PUI de l’Ain", "007")
    assert site.finess.startswith("0")
    assert added[4] == site.legal_entity.finess


def test_the_file_says_who_named_the_line_and_whether_an_ape_and_a_gf_are_there(
    ars, hospital, line
):
    """What the ministry sends with the list: its sources, the APE to write to, the GF [001]."""

    def told():
        content = b"".join(ars.get(address("_file", "24")).streaming_content)
        header, row = load_workbook(io.BytesIO(content))["PUI"].values
        cells = dict(zip(header, row, strict=True))
        names = ("Sources", "Dispose d’un APE", "Coordonnées de l’APE", "Dispose d’un GF")
        return [cells[name] or "" for name in names]

    assert told() == ["ARHGOS", "non", "", "non"]
    ape = make_person("APE", on=hospital)
    pharmacist(hospital)
    assert told() == ["ARHGOS", "oui", f"{ape}, {ape.email}", "oui"]


def test_a_filled_file_is_shown_then_written_once(ars, line, hospital):
    text = (
        "Action;FINESS géographique;Libellé de la PUI;IPE;Repère\r\n"
        f";{hospital.finess};PUI CH Blois;;{line.pk}-{typed_of(line).mark}\r\n"
    )
    file = SimpleUploadedFile("liste.csv", text.encode("cp1252"), "text/csv")
    shown = ars.post(address("_upload", "24"), {"file": file})
    assert "PUI CH Blois" in shown.text
    line.refresh_from_db()
    assert line.label == ""
    kept = {"content": shown.context["content"], "seen": shown.context["seen"]}
    ars.post(address("_apply", "24"), kept)
    again = ars.post(address("_apply", "24"), kept, follow=True)
    line.refresh_from_db()
    assert line.label == "PUI CH Blois"
    assert "Tout était déjà enregistré" in again.text


def test_refused_lines_are_told_and_nothing_can_be_written(ars, made):
    text = "Action;FINESS géographique;Libellé de la PUI\r\nA creer;12;PUI\r\nEffacer;;\r\n"
    file = SimpleUploadedFile("liste.csv", text.encode(), "text/csv")
    shown = ars.post(address("_upload", "24"), {"file": file})
    assert shown.status_code == 422
    assert "cases refusées" in shown.text
    report = ars.post(address("_errors", "24"), {"report": shown.context["report"]})
    assert "Effacer" in b"".join(report.streaming_content).decode()


def test_the_preview_of_a_validation_tells_the_former_name_of_a_pharmacy(ars, line, hospital):
    line.pui = make_pui("PUI CH Blois", on=hospital)
    line.site, line.label = hospital, "PUI CH Blois Nord"
    line.save()
    page = ars.get(address("_validate", "24")).text
    assert "au registre, jusqu’ici «\u00a0PUI CH Blois\u00a0»" in page.replace("&nbsp;", "\u00a0")
