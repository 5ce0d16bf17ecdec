"""Large files, left to the task worker: the page that follows each, and where it is found again."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from common.weeks import shift
from epi_stocks.models import InventoryImport, InventoryLine
from epi_stocks.services import imports
from epi_stocks.services.imports import confirm_import
from epi_stocks.services.saving import CellChange, save_cells
from epi_stocks.tasks import apply_inventory, read_inventory
from epi_stocks.transfer import TransferError, forget_old_imports
from journal.models import Entry
from tests.builders import make_line
from tests.epi_stocks.large_files import (
    DEPOSIT,
    WEEK,
    State,
    act,
    after,
    declared_stocks,
    deposit,
    inventory_file,
    page_of,
    text_of,
    waiting_jobs,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db


def test_a_large_file_is_read_in_the_background_and_its_page_says_so(client, deposited):
    assert deposited.state == State.READING
    assert waiting_jobs() == [read_inventory.name]
    page = page_of(client, deposited)
    assert "En attente" in page
    assert "data-refresh" in page
    assert "Actualiser" in page
    assert "Vous pouvez quitter cette page" in page


def test_a_small_file_is_still_read_at_once(client, site, monkeypatch):
    monkeypatch.undo()
    response = client.post(DEPOSIT, {"week": str(WEEK), "file": inventory_file(site)})
    assert "Déclarer 1 case pour 1 établissement" in text_of(response)
    assert waiting_jobs() == []


def test_a_file_too_large_to_be_read_is_refused_at_once(client, site):
    heavy = SimpleUploadedFile("gros.csv", b"x" * (10 * 1024 * 1024 + 1))
    response = client.post(DEPOSIT, {"week": str(WEEK), "file": heavy})
    assert response.status_code == 422
    assert not InventoryImport.objects.exists()


def test_the_preview_says_what_would_change_and_nothing_is_declared(client, previewed):
    page = page_of(client, previewed)
    assert "Rien n’est encore enregistré" in page
    assert "Déclarer 2 cases pour 2 établissements" in page
    assert "data-refresh" not in page
    assert not InventoryLine.objects.exists()


def test_of_a_large_file_the_values_to_check_are_shown_first(client, site, sister, monkeypatch):
    monkeypatch.setattr("epi_stocks.transfer.report.MOST_SHOWN", 1)
    make_line(sister, shift(WEEK, -1), 2, stock=10)
    row = after(read_inventory, deposit(client, site, sister))
    assert [cell["finess"] for cell in row.report["changes"]] == [sister.finess]
    assert "sur 2, celles à vérifier d’abord" in page_of(client, row)


def test_one_confirmation_declares_everything_and_the_page_keeps_the_result(client, confirmed):
    assert waiting_jobs() == [read_inventory.name, apply_inventory.name]
    assert after(apply_inventory, confirmed).state == State.DONE
    assert declared_stocks() == [1200, 1200]
    assert "2 cases déclarées pour 2 établissements" in page_of(client, confirmed)
    entry = Entry.objects.get(verb="epi_stocks.inventory_imported")
    assert (entry.by, entry.details["cells"]) == (client.user, 2)


def test_its_page_is_its_sender_s_alone(client_for, site, previewed):
    colleague = client_for("OIE", on=site)
    address = reverse("epi_stocks:inventory_import_followed", args=[previewed.pk])
    assert colleague.get(address).status_code == 404
    for what in ("cancel", "restart"):
        assert act(colleague, previewed, what).status_code == 404
    act(colleague, previewed, "apply")
    with pytest.raises(TransferError):
        confirm_import(by=colleague.user, import_id=previewed.pk)
    previewed.refresh_from_db()
    assert previewed.state == State.READY
    assert "inventaire.csv" not in text_of(colleague.get(DEPOSIT))


def test_a_file_left_aside_is_found_again_where_files_are_sent(client, previewed):
    page = text_of(client.get(DEPOSIT))
    assert reverse("epi_stocks:inventory_import_followed", args=[previewed.pk]) in page
    assert "à confirmer" in page


def test_refused_lines_are_kept_with_their_reasons(client, site):
    row = after(read_inventory, deposit(client, site, stock="-4"))
    assert row.state == State.REFUSED
    response = client.get(reverse("epi_stocks:inventory_import_followed", args=[row.pk]))
    assert "1 case refusée" in text_of(response)
    address = reverse("epi_stocks:inventory_import_errors")
    rows = client.post(address, {"report": response.context["report"]})
    assert "-4" in b"".join(rows.streaming_content).decode("utf-8-sig")


def test_what_is_no_table_is_refused_with_what_is_accepted(client):
    sent = SimpleUploadedFile("photo.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    client.post(DEPOSIT, {"week": str(WEEK), "file": sent})
    row = after(read_inventory, InventoryImport.objects.get())
    assert row.state == State.REFUSED
    assert "Sont acceptés" in page_of(client, row)


def test_a_file_that_changes_nothing_asks_for_no_confirmation(client, site):
    change = CellChange(2, "stock", 1200, None)
    save_cells(by=client.user, week=WEEK, establishment_id=site.pk, changes=[change])
    row = after(read_inventory, deposit(client, site))
    page = page_of(client, row)
    assert "ses valeurs sont déjà celles de la grille" in page
    assert "Déclarer" not in page.split("<main")[1].split("</main>")[0]


def test_the_same_file_sent_twice_meanwhile_is_one_import(client, site, sister, deposited):
    sent = inventory_file(site, sister, name="autre.csv")
    response = client.post(DEPOSIT, {"week": str(WEEK), "file": sent})
    assert response.url == reverse("epi_stocks:inventory_import_followed", args=[deposited.pk])
    assert InventoryImport.objects.count() == 1


def test_an_abandoned_file_is_removed_and_declares_nothing(
    client, deposited, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        act(client, deposited, "cancel")
    assert after(read_inventory, deposited).state == State.CANCELLED
    assert not deposited.path.storage.exists(deposited.path.name)
    act(client, deposited, "apply")
    assert after(apply_inventory, deposited).state == State.CANCELLED
    assert not InventoryLine.objects.exists()


def test_a_file_read_is_not_kept_on_the_disk(previewed):
    assert not previewed.path.storage.exists(previewed.path.name)


def test_a_light_file_of_many_lines_is_read_by_the_worker(client, site, monkeypatch):
    monkeypatch.setattr(imports, "READ_AT_ONCE", 50_000)
    monkeypatch.setattr(imports, "LINES_AT_ONCE", 0)
    deposit(client, site)
    assert waiting_jobs() == [read_inventory.name]


def test_a_light_file_of_many_cells_is_declared_by_the_worker(client, site, monkeypatch):
    monkeypatch.setattr(imports, "READ_AT_ONCE", 50_000)
    monkeypatch.setattr(imports, "APPLIED_AT_ONCE", 0)
    row = deposit(client, site)
    act(client, row, "apply")
    assert waiting_jobs() == [apply_inventory.name]
    assert after(apply_inventory, row).state == State.DONE


def test_a_file_waits_a_week_for_its_confirmation(previewed, django_capture_on_commit_callbacks):
    for days, count in ((6, 1), (8, 0)):
        InventoryImport.objects.update(created_at=timezone.now() - timedelta(days=days))
        with django_capture_on_commit_callbacks(execute=True):
            forget_old_imports()
        assert InventoryImport.objects.count() == count


def test_its_pages_are_sound_html_whatever_the_state(client, previewed):
    address = reverse("epi_stocks:inventory_import_followed", args=[previewed.pk])
    for state in State:
        applied_at = timezone.now() if state == State.DONE else None
        InventoryImport.objects.update(state=state, applied_at=applied_at)
        assert_sound_html(client.get(address))
    assert_sound_html(client.get(DEPOSIT))
