"""A file sent, sent again, corrected, followed, and read by others."""

import io
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from common.paging import ShallowPaginator
from common.weeks import PARIS
from establishments.models import Establishment
from journal.models import Entry
from medications.calendar import calendar_of
from pui.models import Transmission
from pui.services.reopening import reopen_due_day
from pui.transfer.preview import preview_of
from pui.views.transmissions.context import readable
from tests.builders import make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_list, make_pui, make_transmission
from tests.pui.transmissions.pages import START, State, confirm, page, stocks

pytestmark = pytest.mark.django_db


def test_products_missing_from_the_file_stay_blank_and_it_is_said(
    web, sent_row, propofol, midazolam
):
    row = sent_row("9999014;;240;60")
    sentence = "1\u00a0UCD de la liste n’est pas dans le fichier\u00a0: elle restera vide"
    assert f"{sentence} (ce n’est pas 0)" in web.get(page(row)).text
    confirm(web, row)
    assert stocks() == {"9999014": 240}


def test_products_declared_for_the_first_time_are_named(
    web, sent_row, pui, gf, days, propofol, midazolam
):
    row = sent_row("9999014;;240;60")
    first = "Première déclaration de ces produits par cette PUI\u00a0: rien à comparer."
    assert first in web.get(page(row)).text
    confirm(web, row)
    shown = web.get(page(sent_row("9999014;;240;60", "9999021;;12;1")))
    assert_sound_html(shown)
    assert "1\u00a0produit déclaré pour la première fois par cette PUI" in shown.text
    assert f"{midazolam.label}&nbsp;: 12 en stock." in shown.text


def test_a_finess_without_its_zero_is_shown_before_it_is_confirmed(web, sent_row, pui, propofol):
    Establishment.objects.filter(pk=pui.establishment_id).update(finess="010000024")
    row = sent_row("10000024;9999014;240;60", header="FINESS;UCD;Stock;CMJ")
    shown = web.get(page(row))
    assert_sound_html(shown)
    asked = "le zéro du début a disparu, sans doute 01\u00a0000\u00a0002\u00a04, le numéro de votre"
    assert f"«&nbsp;10000024&nbsp;», 1 ligne&nbsp;: {asked}" in shown.text
    assert "En transmettant, vous confirmez que c’est lui" in shown.text


def test_the_same_file_sent_again_leads_to_the_same_transmission(web, send, sent_row, propofol):
    row = sent_row("9999014;;240;60")
    again = send("9999014;;240;60")
    assert again["Location"] == page(row)
    assert "Ce fichier a déjà été reçu" in web.get(page(row)).text


def test_the_second_of_two_people_reads_what_the_first_answered(
    web, client_of, sent_row, pui, propofol
):
    row = sent_row("9999104;PROPOFOL;240;60", "9999204;PROPOFOL 10 mg/ml;1;1")
    version = row.report["version"]
    other = client_of(make_person("GF", on=pui.establishment))
    mine = other.post(page(row, "confirm"), {"version": version, "ligne-3": "sauter"})
    assert mine.status_code == 422
    late = web.post(page(row, "confirm"), {"version": version, "ligne-2": "sauter"})
    assert late.status_code == 409
    assert "relisez la page" in late.text
    assert stocks() == {}


def test_a_colleague_who_answered_nothing_is_in_nobodys_way(
    web, client_of, sent_row, pui, propofol
):
    row = sent_row("9999104;PROPOFOL;240;60")
    version = row.report["version"]
    other = client_of(make_person("GF", on=pui.establishment))
    assert other.post(page(row, "confirm"), {"version": version}).status_code == 422
    answer = {"version": version, "ligne-2": f"produit-{propofol.pk}"}
    assert web.post(page(row, "confirm"), answer).status_code == 302
    assert stocks() == {"9999014": 240}


def test_a_second_click_shows_the_receipt(web, sent_row, propofol):
    row = sent_row("9999014;;240;60")
    confirm(web, row)
    assert web.post(page(row, "confirm"), {"version": 1})["Location"] == page(row)
    assert Entry.objects.filter(verb="pui.transmitted").count() == 1


def test_a_file_that_is_given_up_stores_nothing_and_says_so(web, sent_row, propofol):
    row = sent_row("9999014;;240;60")
    web.post(page(row, "abandon"))
    shown = web.get(page(row))
    assert_sound_html(shown)
    assert "Fichier abandonné. Rien n’a été enregistré." in shown.text
    assert stocks() == {}


def test_what_is_no_table_is_refused_beside_the_field(send, propofol):
    answer = send(header="")
    assert answer.status_code == 422
    assert_sound_html(answer)
    assert "fr-error-text" in answer.text


def test_a_correction_replaces_and_the_differences_are_shown(web, send, sent_row, propofol):
    first = sent_row("9999014;;240;60")
    confirm(web, first)
    second = sent_row("9999014;;250;60")
    confirm(web, second)
    first.refresh_from_db()
    assert (first.state, stocks()) == (State.REPLACED, {"9999014": 250})
    assert page(second) in web.get(page(first)).text
    found = web.get(page(second, "differences"))
    assert_sound_html(found)
    assert "1 produit déclaré autrement" in found.text
    history = web.get(reverse("pui:transmission_history", kwargs={"slug": "autres"}))
    assert_sound_html(history)
    assert "Remplacée par une correction" in history.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_of_the_state_of_stocks_sent_back_changes_nothing(
    web, sent_row, pui, days, propofol, midazolam, kind
):
    """Its history is not mistaken for the stock, and no column is asked for."""
    confirm(web, sent_row("9999014;;240;60,5"))
    answer = web.get(reverse("pui:state_file", args=[kind]), {"pui": pui.pk})
    file = SimpleUploadedFile(f"stock.{kind}", b"".join(answer))
    web.post(START, {"pui": pui.pk, "due_on": days[-1].isoformat(), "file": file})
    again = Transmission.objects.get(state=State.READY)
    preview = preview_of(again)
    assert (again.report["asks"], preview.refused, preview.waiting) == ([], [], 0)
    assert [(one.product.code, one.stock, one.daily) for one in preview.fine] == [
        ("9999014", 240, Decimal("60.5"))
    ]
    assert [one.product.code for one in preview.blank] == ["9999021"]


def test_the_file_of_a_receipt_sent_again_changes_nothing(web, sent_row, propofol):
    row = sent_row("9999014;;240;60")
    confirm(web, row)
    answer = web.get(page(row, "file", kind="csv"))
    text = b"".join(answer).decode("utf-8-sig")
    assert Entry.objects.filter(verb="pui.transmission_exported").count() == 1
    header, *lines = text.splitlines()
    again = sent_row(*lines, header=header)
    assert "1 ligne" in web.get(page(again)).text
    confirm(web, again)
    assert stocks() == {"9999014": 240}


def test_the_template_holds_the_followed_products_and_blank_cells(web, pui, propofol, midazolam):
    address = reverse("pui:transmission_template", kwargs={"slug": "autres", "pk": pui.pk})
    book = load_workbook(io.BytesIO(b"".join(web.get(address))))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["9999021", "9999014"]
    assert {row[3:5] for row in rows} == {(None, None)}
    assert "ce n’est pas 0" in book["Mode d’emploi"]["A2"].value


def test_a_late_due_day_is_told_and_the_person_says_which_one_the_file_answers(web, pui, propofol):
    shown = web.get(START)
    assert_sound_html(shown)
    assert "en retard, rien n’est transmis" in shown.text
    assert "checked" not in shown.text


def test_the_only_due_day_that_waits_is_chosen(web, pui, gf, days, propofol):
    make_transmission(pui, {propofol: (1, 1)}, by=gf, due_on=days[0])
    shown = web.get(START).text
    assert "ce fichier la remplacera" in shown
    assert shown.count("checked") == 1


def test_each_pharmacy_of_several_says_what_it_still_has_to_declare(web, pui, propofol):
    second = make_pui("PUI annexe", on=pui.establishment)
    shown = web.get(START)
    assert_sound_html(shown)
    assert f"?pui={second.pk}" in shown.text
    assert "en retard" in shown.text


def test_a_pharmacy_out_of_reach_does_not_exist(web, propofol):
    elsewhere = make_pui(on=make_establishment())
    assert web.get(f"{START}?pui={elsewhere.pk}").status_code == 404
    assert web.get(f"{START}?pui=abc").status_code == 404


def test_a_closed_due_day_is_transmitted_again_only_once_reopened(
    web, send, pui, autres, days, propofol
):
    closed = calendar_of(autres).last_due(days[0])
    assert send("9999014;;240;60", due_on=closed).status_code == 422
    last_day = timezone.localdate() + timedelta(days=2)
    reopen_due_day(
        by=make_person("ARA", on=pui.establishment.region),
        pui=pui,
        monitored_list=autres,
        due_on=closed,
        reason="panne du logiciel",
        until=datetime.combine(last_day + timedelta(days=1), time(0), tzinfo=PARIS),
    )
    page = web.get(START).text
    assert "panne du logiciel" in page
    assert f"rouverte jusqu’au {last_day:%d/%m/%Y} inclus" in page
    assert send("9999014;;240;60", due_on=closed).status_code == 302


def test_those_who_follow_read_what_was_sent_and_nothing_that_waits(
    client_of, web, sent_row, pui, propofol
):
    row = sent_row("9999014;;240;60")
    ars = client_of(make_person("ARA", on=pui.establishment.region))
    assert ars.get(page(row)).status_code == 404
    confirm(web, row)
    assert ars.get(page(row)).status_code == 200
    listed = ars.get(START)
    assert_sound_html(listed)
    assert pui.label in listed.text
    assert ars.post(START, {}).status_code == 403
    assert ars.post(page(row, "abandon")).status_code == 403


def test_a_large_file_is_followed_while_the_worker_reads_it(web, sent_row, propofol):
    row = sent_row("9999014;;240;60")
    Transmission.objects.filter(pk=row.pk).update(state=State.READING)
    waiting = web.get(page(row))
    assert_sound_html(waiting)
    assert "data-refresh" in waiting.text
    Transmission.objects.filter(pk=row.pk).update(
        seen_at=timezone.now() - timedelta(minutes=5), progress=1200
    )
    stopped = web.get(page(row))
    assert_sound_html(stopped)
    assert "Relancer" in stopped.text
    assert "data-refresh" not in stopped.text


def test_the_number_of_statements_of_the_history_does_not_depend_on_its_lines(
    web, count_queries, pui, gf, days, propofol
):
    address = reverse("pui:transmission_history", kwargs={"slug": "autres"})
    make_transmission(pui, {propofol: (1, 1)}, by=gf, due_on=days[0])
    few = count_queries(address)
    for stock in range(5):
        make_transmission(pui, {propofol: (stock, 1)}, by=gf, due_on=days[1])
    assert count_queries(address) == few


def test_a_long_history_tells_its_latest_and_how_to_find_the_others(
    web, monkeypatch, pui, gf, days, propofol
):
    for stock in range(3):
        make_transmission(pui, {propofol: (stock, 1)}, by=gf, due_on=days[1])
    monkeypatch.setattr(ShallowPaginator, "deepest", 2)
    page = web.get(reverse("pui:transmission_history", kwargs={"slug": "autres"}))
    assert_sound_html(page)
    assert "Plus de 2 transmissions" in page.text.replace("\u00a0", " ")
    assert "cherchez sa PUI ou son échéance" in page.text


def test_the_latest_transmissions_are_read_by_their_index(gf):
    """Not by sorting three years of them."""
    readers = {
        "of a territory": make_person("ARA"),
        "of the country": make_person("NAT", domain="dispostock"),
    }
    for who, reader in readers.items():
        rows = readable(reader, make_list("autres")).order_by("-received_at", "-pk")[:25]
        with connection.cursor() as cursor:
            # the tables of a test are small, and no index gives the whole order of a join
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        assert "transmission_latest" in rows.explain(), who


def test_several_files_that_wait_take_one_line_and_the_others_are_folded(web, send, propofol):
    for stock in (240, 241, 242):
        send(f"9999014;;{stock};60")
    page = web.get(START).content.decode()
    shown, _, folded = page.partition("Les 2 autres, reçus avant")
    there = page.index("Fichiers reçus, pas encore transmis")
    assert shown[there:].count("stock.csv") == 1
    assert folded.partition("</details>")[0].count("stock.csv") == 2
