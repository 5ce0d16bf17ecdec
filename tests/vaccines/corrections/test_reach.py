"""Whoever asks for what is not theirs, by an address or by a field, finds nothing there."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.builders import make_person
from tests.vaccines.builders import make_line, planned
from tests.vaccines.corrections.acts import logged_in, report, rows_of
from vaccines.corrections.places import place_of
from vaccines.models import LineReport, Reception, SupplyLine

FILES = ("lines_file", "deliveries_file", "coverage_file", "lots_file")


@pytest.fixture
def far(two):
    """A line of Lyon, delivered and received, with a lot that expires soon."""
    line = make_line(two.first, pui=two.lyon, recipient=two.lyonnais, first_doses=6, second_doses=0)
    planned(line, 6, two.first.delivers_on)
    Reception.objects.create(
        line=line, received_on=two.first.delivers_on, doses=6, lot="L1", told_by=two.gf
    )
    return line


def states():
    return list(SupplyLine.objects.order_by("pk").values())


@pytest.mark.parametrize("who", ["omedit", "agent", "gf"])
def test_a_line_of_another_region_does_not_exist(two, far, who):
    client = logged_in(getattr(two, who))
    assert client.get(reverse("vaccines:line", args=[far.pk])).status_code == 404


@pytest.mark.parametrize("act", ["deplacer", "supprimer", "remettre"])
@pytest.mark.parametrize("step", ["", "faire"])
def test_a_line_of_another_region_ticked_among_ones_own_changes_nothing(two, far, act, step):
    before = states()
    sent = {
        "geste": act,
        "etape": step,
        "ligne": [two.one.pk, far.pk],
        "vu": [f"{one.pk}:{place_of(one)}" for one in (two.one, far)],
        "destinataire": two.roseraie.finess,
        "cause": "officine",
        "motif": "Ligne oubliée",
    }
    answer = logged_in(two.omedit).post(reverse("vaccines:line_correct"), sent)
    assert answer.status_code == 404
    assert states() == before


def test_a_place_forged_among_those_done_refuses_the_whole(two, far):
    before = states()
    sent = {
        "geste": "supprimer",
        "etape": "faire",
        "ligne": [two.two.pk],
        "vu": [f"{one.pk}:{place_of(one)}" for one in (two.two, far)],
        "cause": "officine",
        "motif": "",
    }
    answer = logged_in(two.omedit).post(reverse("vaccines:line_correct"), sent)
    assert answer.status_code == 422
    assert states() == before


@pytest.mark.parametrize("name", ["destinataire", "pui", "pivot"])
def test_no_field_of_a_new_line_takes_a_place_of_another_region(country, name):
    sent = {
        "vague": country.first.pk,
        "destinataire": country.roseraie.finess,
        "provenance": "B" if name == "pivot" else "A",
        "motif": "Ligne oubliée",
        name: country.lyonnais.finess if name == "destinataire" else f"PUI {country.lyon.pk}",
    }
    answer = logged_in(country.omedit).post(reverse("vaccines:line_create"), sent)
    assert answer.status_code == 422
    assert not SupplyLine.objects.exists()


def test_a_report_of_another_region_is_neither_read_nor_answered_nor_closed(country):
    row = report(country)
    client = logged_in(country.other_agent)
    address = reverse("vaccines:line_report", args=[row.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"reponse": "Rien à corriger"}).status_code == 404
    sent = {
        "vague": country.first.pk,
        "destinataire": country.lyonnais.finess,
        "provenance": "A",
        "motif": "Ligne oubliée",
        "signalement": row.pk,
    }
    client.post(reverse("vaccines:line_create"), sent)
    row.refresh_from_db()
    assert row.state == LineReport.State.OPEN


@pytest.mark.parametrize("name", FILES)
def test_no_file_holds_a_line_of_another_region(two, far, name):
    answer = logged_in(two.other_agent).get(reverse(f"vaccines:{name}", args=["csv"]))
    assert "Loiret" not in str(rows_of(answer))
    answer = logged_in(two.omedit).get(reverse(f"vaccines:{name}", args=["csv"]))
    assert "Rhône" not in str(rows_of(answer))


@pytest.mark.parametrize("name", ["scan", "reception_correct"])
def test_a_pharmacy_does_not_reach_the_delivery_of_another(two, far, name):
    client, address = logged_in(two.gf), reverse(f"vaccines:{name}", args=[far.pk])
    assert client.post(address, {"code": "x", "why": "Erreur"}).status_code == 404
    assert Reception.objects.get().doses == 6


def test_the_fields_of_a_line_of_another_pharmacy_write_nothing(two, far):
    before = states()
    pk = far.pk
    sent = {f"besoin-{pk}-first": "9", f"besoin-{pk}-seen": "", f"vaccines-{pk}-people": "9"}
    sent |= {f"vaccines-{pk}-seen": "", f"reception-{pk}-seen": "", f"reception-{pk}-doses": "9"}
    logged_in(two.gf).post(reverse("vaccines:supply"), sent)
    assert states() == before
    assert Reception.objects.count() == 1


@pytest.mark.parametrize("forged", ["pui", "line"])
def test_a_pharmacy_reports_neither_for_another_nor_the_line_of_another(two, far, forged):
    sent = {"pui": two.saint_aubin.pk, "kind": "misplaced", "line": two.one.pk}
    sent[forged] = {"pui": two.lyon.pk, "line": far.pk}[forged]
    answer = logged_in(two.gf).post(reverse("vaccines:report"), sent)
    assert answer.status_code == 422
    assert not LineReport.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_a_pharmacy_types_is_never_a_formula_in_a_file(two, kind):
    SupplyLine.objects.filter(pk=two.one.pk).update(comment="=HYPERLINK(1)")
    two.saint_aubin.label = "+33 PUI"
    two.saint_aubin.save()
    spf = make_person("SPF", domain="dispostock")
    address = reverse("vaccines:wave_file", args=[two.first.pk, kind])
    answer = logged_in(spf).get(address)
    assert answer.status_code == 200
    if kind == "csv":
        (row,) = rows_of(answer)
        assert row["Commentaire"].startswith("'=")
        assert row["PUI"].startswith("'+")
        return
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert not [cell for row in book.active for cell in row if cell.data_type == "f"]
