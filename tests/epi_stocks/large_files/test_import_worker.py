"""Large files at the task worker: declared all or nothing, once, by the rights of that moment."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Habilitation
from common import followed
from epi_stocks.models import InventoryImport, InventoryLine
from epi_stocks.services import imports
from epi_stocks.services.imports import confirm_import, deposit_import
from epi_stocks.services.saving import CellChange, save_cells
from epi_stocks.tasks import apply_inventory, read_inventory
from epi_stocks.transfer import applying, jobs
from journal.models import Entry
from tests.builders import make_establishment, make_person
from tests.epi_stocks.large_files import (
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
from tests.locks import wait_until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_job(monkeypatch):
    """What a ``transaction=True`` test queues would stay for the others: nothing empties it."""
    monkeypatch.setattr(imports, "enqueue_once", lambda *args, **options: None)


def test_it_is_declared_under_the_profile_of_the_confirmation(client, site, previewed):
    make_person("OIE", on=make_establishment(), user=client.user)
    profile = next(one for one in client.user.usable_profiles if one.establishment_id == site.pk)
    act(client, previewed, "apply", profile=profile.pk)
    after(apply_inventory, previewed)
    assert set(InventoryLine.objects.values_list("saved_profile", flat=True)) == {profile.pk}
    assert Entry.objects.get(verb="epi_stocks.inventory_imported").profile == str(profile)


def test_a_second_click_and_a_second_run_declare_nothing_more(client, confirmed):
    assert "n’attend plus de confirmation" in text_of(act(client, confirmed, "apply"))
    after(apply_inventory, confirmed)
    after(apply_inventory, confirmed)
    assert Entry.objects.filter(verb="epi_stocks.inventory_imported").count() == 1
    assert "n’attend plus de confirmation" in text_of(act(client, confirmed, "apply"))


def test_a_week_closed_meanwhile_stops_everything_with_a_sentence(client, confirmed, monkeypatch):
    later = timezone.now() + timedelta(days=60)
    monkeypatch.setattr(applying.timezone, "now", lambda: later)
    after(apply_inventory, confirmed)
    monkeypatch.undo()
    page = page_of(client, confirmed)
    assert confirmed.state == State.REFUSED
    assert "est clôturé" in page
    assert "Rien n’a été importé" in page
    assert not InventoryLine.objects.exists()


def test_rights_withdrawn_meanwhile_stop_everything(confirmed):
    Habilitation.objects.update(state=Habilitation.State.REVOKED)
    after(apply_inventory, confirmed)
    assert confirmed.state == State.REFUSED
    assert "Aucun de vos profils ne permet plus" in confirmed.message
    assert Entry.objects.get(verb="account.access_denied").by == confirmed.by
    assert not InventoryLine.objects.exists()


def test_a_cell_typed_meanwhile_stops_everything(client, sister, confirmed):
    change = CellChange(2, "stock", 99, None)
    save_cells(by=client.user, week=WEEK, establishment_id=sister.pk, changes=[change])
    after(apply_inventory, confirmed)
    assert confirmed.state == State.REFUSED
    assert "Cette grille a changé depuis le contrôle" in page_of(client, confirmed)
    assert declared_stocks() == [99]


def test_the_same_file_imported_by_a_colleague_meanwhile_says_when(client_for, site, confirmed):
    colleague = client_for("OIE", on=site)
    places = [site, *site.legal_entity.establishments.exclude(pk=site.pk)]
    row = after(read_inventory, deposit(colleague, *places))
    after(apply_inventory, confirmed)
    act(colleague, row, "apply")
    after(apply_inventory, row)
    assert "déjà été importé le" in page_of(colleague, row)
    assert InventoryImport.objects.filter(applied_at__isnull=False).count() == 1


def test_a_worker_killed_in_the_middle_wrote_nothing_and_its_job_declares_once(
    client, confirmed, monkeypatch
):
    saved, save_place = [], applying.save_place

    def killed(*args):
        if saved:
            raise SystemExit
        saved.append(args)
        save_place(*args)

    monkeypatch.setattr(applying, "save_place", killed)
    with pytest.raises(SystemExit):
        apply_inventory(confirmed.pk)
    monkeypatch.undo()
    assert saved
    assert not InventoryLine.objects.exists()
    assert after(apply_inventory, confirmed).state == State.DONE
    assert declared_stocks() == [1200, 1200]


def test_a_silent_worker_is_told_and_its_work_can_be_started_again(client, confirmed):
    InventoryImport.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    page = page_of(client, confirmed)
    assert "ne donne plus signe de vie" in page
    assert "data-refresh" not in page
    act(client, confirmed, "restart")
    assert after(apply_inventory, confirmed).state == State.DONE


def test_work_that_waits_for_its_turn_is_not_started_again(client, deposited):
    assert "attendez qu’il se termine" in text_of(act(client, deposited, "restart"))
    assert waiting_jobs() == [read_inventory.name]


def test_a_failure_is_said_and_can_be_started_again(client, deposited, monkeypatch):
    def fail(**options):
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "read_import", fail)
    with pytest.raises(ZeroDivisionError):
        read_inventory(deposited.pk)
    assert "s’est interrompu" in page_of(client, deposited)
    monkeypatch.undo()
    act(client, deposited, "restart")
    assert after(read_inventory, deposited).state == State.READY


def test_a_file_abandoned_while_it_is_read_stops(deposited):
    InventoryImport.objects.update(state=State.CANCELLED)
    with pytest.raises(followed.AbandonedError):
        followed.tell(deposited, 5000)


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_import_declare_once(no_job, monkeypatch):
    site = make_establishment(is_main=True)
    person = make_person("OIE", on=site)
    row = deposit_import(inventory_file(site), by=person, week=WEEK)
    read_inventory(row.pk)
    confirm_import(by=person, import_id=row.pk)
    finish = applying.finish

    def run_again():
        try:
            apply_inventory(row.pk)
        finally:
            connection.close()

    other_worker = threading.Thread(target=run_again)

    def finish_while_another_works(*args):
        if threading.current_thread() is not other_worker:
            other_worker.start()
            wait_until_somebody_waits_for_a_lock()
        finish(*args)

    monkeypatch.setattr(applying, "finish", finish_while_another_works)
    apply_inventory(row.pk)
    other_worker.join()
    row.refresh_from_db()
    assert (row.state, row.message) == (State.DONE, "")
    assert Entry.objects.filter(verb="epi_stocks.inventory_imported").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_progress_shows_while_nothing_is_committed_yet(no_job, monkeypatch):
    monkeypatch.setattr(followed, "SECONDS", 0)
    site = make_establishment(is_main=True)
    person = make_person("OIE", on=site)
    row = deposit_import(inventory_file(site), by=person, week=WEEK)
    read_inventory(row.pk)
    confirm_import(by=person, import_id=row.pk)
    seen = []

    def look(draft, now, report):
        with followed.connection_beside() as beside, beside.cursor() as cursor:
            cursor.execute("SELECT progress FROM epi_stocks_inventoryimport")
            progress = cursor.fetchone()[0]
            cursor.execute("SELECT count(*) FROM epi_stocks_inventoryline")
            seen.append((progress, cursor.fetchone()[0]))

    monkeypatch.setattr(applying, "finish", look)
    apply_inventory(row.pk)
    assert seen == [(1, 0)]
