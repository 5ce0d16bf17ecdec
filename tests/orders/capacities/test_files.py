"""A file of capacities: read, shown, confirmed once, all of it or nothing."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from common import followed
from journal.models import Entry
from orders.capacities import applying
from orders.models import Basis, Capacity, CapacityImport
from orders.services import capacity_imports
from orders.services.capacity_imports import confirm_file, deposit_file
from orders.tasks.capacities import apply_capacities, read_capacities
from tests.html_rules import assert_sound_html
from tests.locks import before_another
from tests.orders.capacities.conftest import BEFORE, make_capacity, make_site
from tests.orders.doctrine.conftest import logged_in, text_of

pytestmark = pytest.mark.django_db
State = CapacityImport.State
SEND, EXPORT = reverse("orders:capacity_file"), reverse("orders:capacities_export", args=["csv"])
HEADER = "FINESS;Établissement;Lits;Places;Professionnels;Date"


def file_of(*lines, header=HEADER):
    return SimpleUploadedFile("capacites.csv", "\n".join([header, *lines]).encode())


def line(site, places="60", beds="", people="", day="01/06/2026"):
    return f"{site.finess};{site.name};{beds};{places};{people};{day}"


def send(client, *lines):
    answer = client.post(SEND, {"fichier": file_of(*lines)})
    row = CapacityImport.objects.first()
    assert answer.url == page_of(row)
    return row


def page_of(row, what=""):
    return reverse(f"orders:capacity_import{what}", args=[row.pk])


def confirm(client, row):
    answer = client.post(page_of(row, "_confirm"), follow=True)
    row.refresh_from_db()
    return text_of(answer)


def known():
    rows = Capacity.objects.order_by("establishment_id", "basis")
    return list(rows.values_list("establishment__name", "basis", "quantity", "as_of"))


def errors_of(row):
    return [(cell[0], cell[1], cell[3]) for cell in row.report["errors"]]


def test_a_file_is_read_then_written_once_confirmed(world):
    make_capacity(world.ehpad, 50)
    client = logged_in(world.cell)
    assert_sound_html(client.get(SEND))
    row = send(client, line(world.ehpad, people="12"), line(world.lyon, "80"))
    answer = client.get(page_of(row))
    assert_sound_html(answer)
    text = text_of(answer)
    assert "Rien n’est encore enregistré" in text
    assert "3 nombres pour 2 établissements" in text
    assert known() == [("EHPAD Les Tilleuls", "place", 50, BEFORE)]
    confirm(client, row)
    day = date(2026, 6, 1)
    assert known() == [
        ("EHPAD Les Tilleuls", "place", 60, day),
        ("EHPAD Les Tilleuls", "professional", 12, day),
        ("EHPAD des Gones", "place", 80, day),
    ]
    details = Entry.objects.get(verb="orders.capacities_imported").details
    assert (details["numbers"], details["establishments"]) == (3, 2)
    assert "capacites.csv" in Capacity.objects.first().source


def test_a_second_click_writes_nothing_more(world):
    client = logged_in(world.cell)
    row = send(client, line(world.ehpad))
    confirm(client, row)
    assert "n’attend plus de confirmation" in confirm(client, row)
    assert Entry.objects.filter(verb="orders.capacities_imported").count() == 1


def test_each_refused_line_says_where_and_why(world):
    make_capacity(world.ehpad, 50, as_of=date(2026, 7, 1))
    closed = make_site("Fermé", closed_on=BEFORE)
    row = send(
        logged_in(world.agent),
        line(world.ehpad, "60"),
        line(world.lyon),
        line(closed),
        "450000008;Inconnu;;1;;01/06/2026",
        f"{world.ehpad.legal_entity.finess};EJ;;1;;01/06/2026",
        line(world.ehpad, "", people="douze"),
        line(world.ehpad, "", beds="3", day=""),
        line(world.ehpad, "", beds="3", day="01/06/2099"),
        "45;trop court;;1;;01/06/2026",
    )
    assert errors_of(row) == [
        (2, "Places", "un nombre plus récent est connu, 50 au 01/07/2026"),
        (3, "FINESS", "EHPAD des Gones n’est pas de votre région"),
        (4, "FINESS", "Fermé est fermé"),
        (5, "FINESS", "inconnu de l’annuaire FINESS"),
        (6, "FINESS", "c’est le numéro d’une entité juridique (EJ)"),
        (7, "Professionnels", "il contient des lettres"),
        (8, "Date", "elle manque"),
        (9, "Date", "elle est après 2026"),
        (10, "FINESS", errors_of(row)[-1][2]),
    ]
    assert (row.state, row.report["unknown"]) == (State.REFUSED, 1)
    assert_sound_html(logged_in(world.agent).get(page_of(row)))


def test_a_number_said_twice_is_refused_on_both_lines_and_the_rest_is_kept(world):
    row = send(logged_in(world.cell), line(world.ehpad, "60"), line(world.ehpad, "61", beds="2"))
    assert errors_of(row) == [
        (2, "Places", "aussi dit à la ligne 3"),
        (3, "Places", "aussi dit à la ligne 2"),
    ]
    assert [change[1:3] for change in row.changes] == [["bed", 2]]


def test_a_number_said_many_times_names_few_lines(world):
    row = send(logged_in(world.cell), *[line(world.ehpad, "60") for _ in range(40)])
    assert errors_of(row)[0][2] == "aussi dit aux lignes 3, 4, 5 et d’autres"
    assert (row.state, len(row.report["errors"])) == (State.REFUSED, 40)


def test_what_is_right_may_be_written_without_the_refused_lines(world):
    client = logged_in(world.agent)
    row = send(client, line(world.ehpad), line(world.lyon))
    assert row.state == State.READY
    assert "sans les lignes refusées" in text_of(client.get(page_of(row)))
    confirm(client, row)
    assert [one[0] for one in known()] == ["EHPAD Les Tilleuls"]


def test_a_big_change_is_marked_to_check(world):
    make_capacity(world.ehpad, 50)
    make_capacity(world.lyon, 50)
    row = send(logged_in(world.cell), line(world.ehpad, "500"), line(world.lyon, "52"))
    assert [one["doubt"] for one in row.report["changes"]] == ["grand écart", ""]
    assert row.report["doubts"] == 1


def test_the_same_number_at_a_later_day_is_confirmed_and_an_older_one_says_nothing(world):
    make_capacity(world.ehpad, 60)
    make_capacity(world.lyon, 60, as_of=date(2026, 7, 1))
    client = logged_in(world.cell)
    row = send(client, line(world.ehpad), line(world.lyon))
    assert (row.report["confirmed"], row.report["same"]) == (1, 1)
    confirm(client, row)
    assert [one[3] for one in known()] == [date(2026, 6, 1), date(2026, 7, 1)]


def test_a_number_that_changed_since_the_reading_stops_it_all(world):
    make_capacity(world.lyon, 50)
    client = logged_in(world.cell)
    row = send(client, line(world.ehpad), line(world.lyon))
    Capacity.objects.update(quantity=51)
    assert "ont changé depuis le contrôle" in confirm(client, row)
    assert [one[2] for one in known()] == [51]
    assert row.state == State.READY


def test_one_known_meanwhile_stops_it_too(world):
    client = logged_in(world.cell)
    row = send(client, line(world.ehpad))
    make_capacity(world.ehpad, 1)
    assert "ont changé depuis le contrôle" in confirm(client, row)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_read_back_changes_nothing(world, kind):
    make_capacity(world.ehpad, 60)
    make_capacity(world.ehpad, 12, Basis.PROFESSIONAL, date(2026, 2, 3), "=2+3")
    make_capacity(world.lyon, 0, Basis.BED)
    client = logged_in(world.cell)
    address = reverse("orders:capacities_export", args=[kind])
    content = b"".join(client.get(address).streaming_content)
    client.post(SEND, {"fichier": SimpleUploadedFile(f"c.{kind}", content)})
    row = CapacityImport.objects.first()
    assert (row.state, row.report["same"], row.report["errors"]) == (State.UNCHANGED, 3, [])
    assert "ne change rien" in text_of(client.get(page_of(row)))


def test_the_template_is_read_back_and_says_nothing(world):
    client = logged_in(world.cell)
    answer = client.get(reverse("orders:capacity_template"))
    content = b"".join(answer.streaming_content)
    sent = client.post(SEND, {"fichier": SimpleUploadedFile("modele.xlsx", content)})
    assert sent.status_code in (302, 422)


def test_what_is_no_table_is_refused_in_a_sentence(world):
    sent = SimpleUploadedFile("notes.pdf", b"%PDF-1.7 rien")
    answer = logged_in(world.cell).post(SEND, {"fichier": sent})
    assert (answer.status_code, "document PDF" in text_of(answer)) == (422, True)
    missing = logged_in(world.cell).post(SEND, {"fichier": file_of("1;2", header="A;B")})
    assert missing.status_code == 422
    assert not CapacityImport.objects.exists()


def test_the_refused_lines_are_taken_away_as_a_file(world):
    client = logged_in(world.agent)
    row = send(client, line(world.lyon))
    report = client.get(page_of(row)).context["report"]
    answer = client.post(reverse("orders:capacity_errors"), {"report": report})
    assert "n’est pas de votre région" in b"".join(answer.streaming_content).decode()
    forged = client.post(reverse("orders:capacity_errors"), {"report": "x"}, follow=True)
    assert "a expiré" in text_of(forged)


def test_a_file_is_its_senders_alone(world):
    row = send(logged_in(world.cell), line(world.ehpad))
    for what in ("", "_confirm", "_cancel", "_restart"):
        act = logged_in(world.agent).post if what else logged_in(world.agent).get
        assert act(page_of(row, what)).status_code == 404


def test_a_file_is_given_up(world):
    client = logged_in(world.cell)
    row = send(client, line(world.ehpad))
    assert "abandonné" in text_of(client.post(page_of(row, "_cancel"), follow=True))
    assert "n’attend plus" in confirm(client, row)


@pytest.fixture
def large(monkeypatch):
    """Every file is a large one."""
    monkeypatch.setattr(capacity_imports, "READ_AT_ONCE", 10)
    monkeypatch.setattr(capacity_imports, "WRITTEN_AT_ONCE", 0)
    monkeypatch.setattr(applying, "TOGETHER", 1)


def waiting_jobs():
    todo = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return list(todo.values_list("task_name", flat=True))


def test_a_large_file_is_read_and_written_by_the_worker(world, large):
    client = logged_in(world.cell)
    row = send(client, line(world.ehpad), line(world.lyon))
    assert row.state == State.READING
    assert_sound_html(client.get(page_of(row)))
    read_capacities(row.pk)
    row.refresh_from_db()
    assert (row.state, row.report["count"]) == (State.READY, 2)
    confirm(client, row)
    assert row.state == State.APPLYING
    assert "attend son tour" in text_of(client.get(page_of(row)))
    assert waiting_jobs() == [read_capacities.name, apply_capacities.name]
    apply_capacities(row.pk)
    apply_capacities(row.pk)
    row.refresh_from_db()
    assert (row.state, len(known())) == (State.DONE, 2)
    assert Entry.objects.filter(verb="orders.capacities_imported").count() == 1


def test_the_worker_writes_nothing_for_who_lost_the_right(world, large):
    client = logged_in(world.agent)
    row = send(client, line(world.ehpad))
    read_capacities(row.pk)
    confirm(client, row)
    world.agent.profiles.update(state="ended")
    apply_capacities(row.pk)
    row.refresh_from_db()
    assert (row.state, known()) == (State.REFUSED, [])
    assert "ne permet plus" in row.message


def test_what_is_no_longer_of_ones_region_stops_it_all(world):
    row = deposit_file(file_of(line(world.ehpad), line(world.lyon)), by=world.cell)
    CapacityImport.objects.filter(pk=row.pk).update(by=world.agent)
    with pytest.raises(applying.TransferError, match="ne permet plus d’écrire les capacités"):
        confirm_file(by=world.agent, row=row)
    assert known() == []


def test_a_failure_is_said_and_can_be_started_again(world, large, monkeypatch):
    client = logged_in(world.cell)
    row = send(client, line(world.ehpad))
    with monkeypatch.context() as broken:
        broken.setattr("orders.capacities.jobs.read_file", lambda **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            read_capacities(row.pk)
    text = text_of(client.get(page_of(row)))
    assert followed.STOPPED.replace("\u00a0", " ") in text
    assert "Relancer" in text
    client.post(page_of(row, "_restart"))
    read_capacities(row.pk)
    row.refresh_from_db()
    assert (row.state, row.message) == (State.READY, "")


@pytest.mark.django_db(transaction=True)
def test_two_people_who_send_the_same_numbers_write_them_once(world):
    rows = [deposit_file(file_of(line(world.ehpad)), by=world.cell) for _ in range(2)]

    def second():
        confirm_file(by=world.cell, row=rows[1])

    with before_another(second, refused=applying.TransferError) as refusals:
        confirm_file(by=world.cell, row=rows[0])
    assert "ont changé depuis le contrôle" in str(refusals[0])
    assert len(known()) == 1


def test_reading_costs_the_same_whatever_the_number_of_lines(world, django_assert_max_num_queries):
    sites = [make_site(f"EHPAD {one}") for one in range(30)]
    with django_assert_max_num_queries(12):
        deposit_file(file_of(*map(line, sites)), by=world.cell)
