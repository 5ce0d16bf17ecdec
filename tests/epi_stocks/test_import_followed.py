"""Large files: left to the task worker, followed on a page, declared all or nothing and once."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Habilitation
from common.weeks import current_week, shift
from epi_stocks.models import InventoryImport, InventoryLine
from epi_stocks.services import imports
from epi_stocks.services.imports import confirm_import, deposit_import
from epi_stocks.services.saving import CellChange, save_cells
from epi_stocks.tasks import apply_inventory, read_inventory
from epi_stocks.transfer import applying, forget_old_imports, jobs
from journal.models import Entry
from tests.builders import make_establishment, make_line, make_person
from tests.locks import wait_until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db
WEEK = current_week()
DEPOSIT = reverse("epi_stocks:inventory_import")
State = InventoryImport.State


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(imports, "READ_AT_ONCE", 0)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def no_job(monkeypatch):
    """What a ``transaction=True`` test queues would stay for the others: nothing empties it."""
    monkeypatch.setattr(imports, "enqueue_once", lambda *args, **options: None)


@pytest.fixture
def site():
    return make_establishment(is_main=True)


@pytest.fixture
def sister(site):
    return make_establishment(site.legal_entity)


@pytest.fixture
def client(client_for, site):
    return client_for("OIE", on=site)


@pytest.fixture
def deposited(client, site, sister):
    client.post(DEPOSIT, {"week": str(WEEK), "file": inventory_file(site, sister)})
    return InventoryImport.objects.get()


@pytest.fixture
def previewed(deposited):
    return after(read_inventory, deposited)


@pytest.fixture
def confirmed(client, previewed):
    act(client, previewed, "apply")
    previewed.refresh_from_db()
    return previewed


def inventory_file(*places, stock="1200", name="inventaire.csv"):
    header = "FINESS;Consommable;Stock;Consommation;Approvisionnement"
    rows = [f"{place.finess};Masques FFP2;{stock};;" for place in places]
    return SimpleUploadedFile(name, "\n".join([header, *rows]).encode())


def after(task, row):
    task(row.pk)
    row.refresh_from_db()
    return row


def act(client, row, what, **data):
    address = reverse(f"epi_stocks:inventory_import_{what}", args=[row.pk])
    return client.post(address, data, follow=True)


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def page_of(client, row):
    return text_of(client.get(reverse("epi_stocks:inventory_import_followed", args=[row.pk])))


def waiting_jobs():
    todo = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return list(todo.values_list("task_name", flat=True))


def declared_stocks():
    return sorted(InventoryLine.objects.values_list("stock", flat=True))


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
    client.post(DEPOSIT, {"week": str(WEEK), "file": inventory_file(site, sister)})
    row = after(read_inventory, InventoryImport.objects.get())
    assert [cell["finess"] for cell in row.report["changes"]] == [sister.finess]
    assert "sur 2, celles à vérifier d’abord" in page_of(client, row)


def test_one_confirmation_declares_everything_and_the_page_keeps_the_result(client, confirmed):
    assert waiting_jobs() == [read_inventory.name, apply_inventory.name]
    assert after(apply_inventory, confirmed).state == State.DONE
    assert declared_stocks() == [1200, 1200]
    assert "2 cases déclarées pour 2 établissements" in page_of(client, confirmed)
    entry = Entry.objects.get(verb="epi_stocks.inventory_imported")
    assert (entry.by, entry.details["cells"]) == (client.user, 2)


def test_it_is_declared_under_the_profile_of_the_confirmation(client, previewed):
    profile = client.user.usable_profiles[0]
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


def test_its_page_is_its_sender_s_alone(client_for, site, previewed):
    colleague = client_for("OIE", on=site)
    address = reverse("epi_stocks:inventory_import_followed", args=[previewed.pk])
    assert colleague.get(address).status_code == 404
    for what in ("cancel", "restart"):
        assert act(colleague, previewed, what).status_code == 404
    act(colleague, previewed, "apply")
    previewed.refresh_from_db()
    assert previewed.state == State.READY
    assert "inventaire.csv" not in text_of(colleague.get(DEPOSIT))


def test_a_file_left_aside_is_found_again_where_files_are_sent(client, previewed):
    page = text_of(client.get(DEPOSIT))
    assert reverse("epi_stocks:inventory_import_followed", args=[previewed.pk]) in page
    assert "à confirmer" in page


def test_refused_lines_are_kept_with_their_reasons(client, site):
    sent = inventory_file(site, stock="-4")
    client.post(DEPOSIT, {"week": str(WEEK), "file": sent})
    row = after(read_inventory, InventoryImport.objects.get())
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
    client.post(DEPOSIT, {"week": str(WEEK), "file": inventory_file(site)})
    row = after(read_inventory, InventoryImport.objects.get())
    page = page_of(client, row)
    assert "ses valeurs sont déjà celles de la grille" in page
    assert "Déclarer" not in page.split("<main")[1].split("</main>")[0]


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
    colleague.post(DEPOSIT, {"week": str(WEEK), "file": inventory_file(*places)})
    row = after(read_inventory, InventoryImport.objects.get(by=colleague.user))
    after(apply_inventory, confirmed)
    act(colleague, row, "apply")
    after(apply_inventory, row)
    assert "déjà été importé le" in page_of(colleague, row)
    assert InventoryImport.objects.filter(applied_at__isnull=False).count() == 1


def test_the_same_file_sent_twice_meanwhile_is_one_import(client, site, sister, deposited):
    sent = inventory_file(site, sister, name="autre.csv")
    response = client.post(DEPOSIT, {"week": str(WEEK), "file": sent})
    assert response.url == reverse("epi_stocks:inventory_import_followed", args=[deposited.pk])
    assert InventoryImport.objects.count() == 1


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


def test_a_file_abandoned_while_it_is_read_stops(deposited):
    InventoryImport.objects.update(state=State.CANCELLED)
    with pytest.raises(jobs.AbandonedError):
        jobs.tell(deposited, 5000)


def test_a_file_read_is_not_kept_on_the_disk(previewed):
    assert not previewed.path.storage.exists(previewed.path.name)


def test_a_light_file_of_many_cells_is_declared_by_the_worker(client, site, monkeypatch):
    monkeypatch.setattr(imports, "READ_AT_ONCE", 50_000)
    monkeypatch.setattr(imports, "APPLIED_AT_ONCE", 0)
    client.post(DEPOSIT, {"week": str(WEEK), "file": inventory_file(site)})
    row = InventoryImport.objects.get()
    act(client, row, "apply")
    assert waiting_jobs() == [apply_inventory.name]
    assert after(apply_inventory, row).state == State.DONE


def test_a_file_waits_a_week_for_its_confirmation(previewed, django_capture_on_commit_callbacks):
    for days, count in ((6, 1), (8, 0)):
        InventoryImport.objects.update(created_at=timezone.now() - timedelta(days=days))
        with django_capture_on_commit_callbacks(execute=True):
            forget_old_imports()
        assert InventoryImport.objects.count() == count


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_import_declare_once(no_job):
    site = make_establishment(is_main=True)
    person = make_person("OIE", on=site)
    row = deposit_import(inventory_file(site), by=person, week=WEEK)
    read_inventory(row.pk)
    confirm_import(by=person, import_id=row.pk)

    def run_again():
        try:
            apply_inventory(row.pk)
        finally:
            connection.close()

    with transaction.atomic():
        other_worker = threading.Thread(target=run_again)
        jobs.apply(InventoryImport.objects.select_related("by").get(pk=row.pk))
        other_worker.start()
        wait_until_somebody_waits_for_a_lock()
    other_worker.join()
    row.refresh_from_db()
    assert row.state == State.DONE
    assert Entry.objects.filter(verb="epi_stocks.inventory_imported").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_progress_shows_while_nothing_is_committed_yet(no_job, monkeypatch):
    monkeypatch.setattr(jobs, "SECONDS", 0)
    site = make_establishment(is_main=True)
    person = make_person("OIE", on=site)
    row = deposit_import(inventory_file(site), by=person, week=WEEK)
    read_inventory(row.pk)
    confirm_import(by=person, import_id=row.pk)
    seen = []

    def look(draft, now, report):
        with jobs.connection_beside() as beside, beside.cursor() as cursor:
            cursor.execute("SELECT progress FROM epi_stocks_inventoryimport")
            progress = cursor.fetchone()[0]
            cursor.execute("SELECT count(*) FROM epi_stocks_inventoryline")
            seen.append((progress, cursor.fetchone()[0]))

    monkeypatch.setattr(applying, "finish", look)
    apply_inventory(row.pk)
    assert seen == [(1, 0)]
