"""The import screen: deposit, preview, one confirmation, in the background, recoverable."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from establishments.finess import jobs
from establishments.home import cards
from establishments.models import Establishment, FinessImport
from establishments.services import imports
from establishments.services.imports import restart_import, start_import
from establishments.tasks import apply_finess, read_finess
from establishments.urls import urlpatterns
from journal.models import Entry
from tests.builders import make_person
from tests.establishments.files import COMMENT, number, site_line
from tests.locks import before_another

URL = reverse("establishments:imports")
ENTITY, FIRST, SECOND = number(10), number(11), number(12)
State = FinessImport.State


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client(client_for, territories):
    return client_for("NAT")


def finess_file(*lines, name="finess.csv"):
    lines = lines or (site_line(FIRST, ENTITY), site_line(SECOND, ENTITY))
    return SimpleUploadedFile(name, "\n".join([COMMENT, *lines, ""]).encode())


@pytest.fixture
def deposited(client):
    client.post(URL, {"file": finess_file()})
    return FinessImport.objects.get()


@pytest.fixture
def previewed(deposited):
    read_finess(deposited.pk)
    deposited.refresh_from_db()
    return deposited


def page_of(client, row):
    page = client.get(reverse("establishments:import", args=[row.pk])).content.decode()
    return page.replace("\u00a0", " ").replace("\u202f", " ")


def act(client, row, what, **data):
    return client.post(reverse(f"establishments:import_{what}", args=[row.pk]), data)


def waiting_jobs():
    return list(
        ProcrastinateJob.objects.filter(status="todo")
        .order_by("id")
        .values_list("task_name", flat=True)
    )


def test_only_the_national_cell_imports(client_for, deposited):
    for code in ("USR", "APE", "ARA", "NAL", "TEC"):
        other = client_for(code)
        assert other.get(URL).status_code == 403
        assert other.post(URL, {"file": finess_file()}).status_code == 403
        assert act(other, deposited, "confirm").status_code == 403
    assert FinessImport.objects.count() == 1


def test_a_deposited_file_is_read_in_the_background(client, deposited):
    assert deposited.state == State.READING
    assert waiting_jobs() == [read_finess.name]
    page = page_of(client, deposited)
    assert "Lecture en cours" in page
    assert "data-refresh" in page
    assert "Actualiser" in page


def test_the_preview_says_what_would_change_and_nothing_is_written(client, previewed):
    assert previewed.state == State.READY
    page = page_of(client, previewed)
    assert "Rien n’est encore écrit" in page
    assert "vous créez <strong>2</strong>" in page
    assert "data-refresh" not in page
    assert not Establishment.objects.exists()


def test_one_confirmation_writes_everything(client, previewed):
    act(client, previewed, "confirm")
    assert waiting_jobs() == [read_finess.name, apply_finess.name]
    apply_finess(previewed.pk)
    previewed.refresh_from_db()
    assert previewed.state == State.DONE
    assert Establishment.objects.count() == 2
    assert Entry.objects.filter(verb="finess.imported", by=client.user).count() == 1
    assert "l’annuaire est à jour" in page_of(client, previewed)
    assert "2 créés" in client.get(URL).content.decode()


def test_a_second_confirmation_changes_nothing(client, previewed):
    act(client, previewed, "confirm")
    response = act(client, previewed, "confirm")
    assert response.status_code == 302
    assert "n’attend plus de confirmation" in page_of(client, previewed)
    apply_finess(previewed.pk)
    apply_finess(previewed.pk)
    assert Entry.objects.filter(verb="finess.imported").count() == 1


def test_too_many_closures_need_a_tick(client, previewed):
    act(client, previewed, "confirm")
    apply_finess(previewed.pk)
    row = start_import(finess_file(site_line(FIRST, ENTITY)), by=client.user)
    read_finess(row.pk)
    assert "ferme plus de 2 % de l’annuaire" in page_of(client, row)
    act(client, row, "confirm")
    row.refresh_from_db()
    assert row.state == State.READY
    act(client, row, "confirm", allow_closures="on")
    apply_finess(row.pk)
    assert Establishment.objects.open().count() == 1


def test_a_directory_that_changed_since_the_preview_is_shown_again(client, previewed):
    other = start_import(finess_file(site_line(FIRST, ENTITY)), by=client.user)
    read_finess(other.pk)
    for row in (other, previewed):
        act(client, row, "confirm")
        apply_finess(row.pk)
        row.refresh_from_db()
    assert other.state == State.DONE
    assert previewed.state == State.READY
    assert "L’annuaire a changé depuis l’aperçu" in page_of(client, previewed)
    assert "vous créez <strong>1</strong>" in page_of(client, previewed)
    assert Establishment.objects.count() == 1


def test_an_abandoned_import_writes_nothing_and_its_file_is_removed(
    client, previewed, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        act(client, previewed, "cancel")
    apply_finess(previewed.pk)
    previewed.refresh_from_db()
    assert previewed.state == State.CANCELLED
    assert not previewed.path.storage.exists(previewed.path.name)
    assert not Establishment.objects.exists()
    act(client, previewed, "confirm")
    assert "n’attend plus de confirmation" in page_of(client, previewed)


def test_an_import_abandoned_while_it_is_read_stops(client, deposited):
    FinessImport.objects.update(state=State.CANCELLED)
    deposited.refresh_from_db()
    deposited.state = State.READING
    with pytest.raises(jobs.AbandonedError):
        jobs._progress(deposited, State.READING)(5000)


def test_the_same_file_still_under_way_is_one_import(client, deposited):
    response = client.post(URL, {"file": finess_file(name="autre.csv")})
    assert response.url == reverse("establishments:import", args=[deposited.pk])
    assert FinessImport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_file_deposited_twice_at_once_is_one_import(tmp_path, monkeypatch):
    person, found, queued = make_person("NAT"), [], []
    monkeypatch.setattr(imports, "enqueue_once", lambda task, key, **_: queued.append(key))

    def deposit_again():
        found.append(start_import(finess_file(), by=person))

    with before_another(deposit_again):
        first = start_import(finess_file(), by=person)
    assert (found, queued) == ([first], [first.pk])
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_the_same_file_again_says_when_it_was_imported_and_changes_nothing(client, previewed):
    act(client, previewed, "confirm")
    apply_finess(previewed.pk)
    client.post(URL, {"file": finess_file()})
    again = FinessImport.objects.exclude(pk=previewed.pk).get()
    read_finess(again.pk)
    page = page_of(client, again)
    assert "Ce même fichier a déjà été importé le" in page
    assert "ne change rien" in page


def test_a_worker_that_was_killed_leaves_an_import_that_can_be_started_again(client, previewed):
    act(client, previewed, "confirm")
    FinessImport.objects.update(seen_at=timezone.now() - timedelta(minutes=5), progress=40_000)
    assert "Relancer" in page_of(client, previewed)
    act(client, previewed, "restart")
    previewed.refresh_from_db()
    assert not previewed.is_stopped
    apply_finess(previewed.pk)
    assert Establishment.objects.count() == 2


def test_a_job_at_work_is_not_started_again(client, deposited):
    act(client, deposited, "restart")
    assert "Cet import est en cours" in page_of(client, deposited)
    assert waiting_jobs() == [read_finess.name]


def test_a_failure_is_said_and_leaves_the_import_to_be_started_again(
    client, deposited, monkeypatch
):
    def fail(*args, **options):
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "import_files", fail)
    with pytest.raises(ZeroDivisionError):
        read_finess(deposited.pk)
    deposited.refresh_from_db()
    assert deposited.is_stopped
    assert "s’est interrompu" in page_of(client, deposited)
    monkeypatch.undo()
    restart_import(deposited, by=client.user)
    read_finess(deposited.pk)
    deposited.refresh_from_db()
    assert deposited.state == State.READY


def test_refused_lines_are_shown_and_downloaded(client):
    lines = (site_line(FIRST, ENTITY), site_line(SECOND, ENTITY, categetab="9999"))
    row = start_import(finess_file(*lines), by=client.user)
    read_finess(row.pk)
    assert "catégorie « 9999 » inconnue" in page_of(client, row)
    url = reverse("establishments:import_remarks", args=[row.pk])
    content = b"".join(client.get(url).streaming_content).decode("utf-8-sig")
    assert content.splitlines()[1] == f"3;{SECOND};refusée;catégorie « 9999 » inconnue"


def test_the_journal_says_who_took_the_refused_lines_away(client):
    row = start_import(finess_file(site_line(SECOND, ENTITY, categetab="9999")), by=client.user)
    read_finess(row.pk)
    client.get(reverse("establishments:import_remarks", args=[row.pk])).getvalue()
    entry = Entry.objects.get(verb="finess.remarks_exported")
    assert (entry.by, entry.target) == (client.user, "finess.csv")
    assert entry.details == {"rows": 1}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"nom;prenom\n", "pas une extraction FINESS"), (b"", "vide"), (b"PK\x03\x04", "Sont accept")],
)
def test_what_is_no_finess_file_is_refused_at_once(client, content, sentence):
    response = client.post(URL, {"file": SimpleUploadedFile("finess.csv", content)})
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not FinessImport.objects.exists()


def test_a_file_too_large_is_refused_with_its_size(client, monkeypatch):
    monkeypatch.setattr("establishments.forms.LARGEST_UPLOAD", 100)
    response = client.post(URL, {"file": finess_file()})
    assert "300 Mo sont acceptés" in response.content.decode().replace("\u00a0", " ")


def test_the_file_is_kept_under_a_name_of_ours(client):
    row = start_import(finess_file(name="../../etc/passwd.csv"), by=client.user)
    assert row.path.name.startswith("finess/")
    assert "passwd" not in row.path.name


def test_an_import_that_does_not_exist_is_a_404(client):
    assert client.get(reverse("establishments:import", args=[999])).status_code == 404


def test_each_route_declares_who_may_use_it():
    assert all(route.callback.access.actions for route in urlpatterns)


def test_the_directory_offers_the_import_to_the_national_cell_alone(client, client_for):
    search = reverse("establishments:search")
    assert URL in client.get(search).content.decode()
    assert URL not in client_for("ARA").get(search).content.decode()


def test_a_file_that_waits_for_a_decision_is_on_the_home_page(client, client_for, previewed):
    (card,) = cards(client.user)
    assert card.url == reverse("establishments:import", args=[previewed.pk])
    assert cards(client_for("ARA").user) == []
