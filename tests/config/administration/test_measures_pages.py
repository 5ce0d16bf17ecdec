"""What the operator reads of the measures: objective, errors, durations, slow statements."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.statements import Slow
from config.administration import measure_tables as tables
from monitoring import statements
from monitoring.histogram import BOUNDS
from monitoring.objective import Budget
from monitoring.recorder import JOB, PAGE, FaultSeen, Recorder
from monitoring.statements import Statement
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
PAGES = ["errors", "slowness", "statements"]


@pytest.fixture
def operator(client_for):
    return client_for("TEC")


@pytest.fixture
def measured():
    """A busy hour: a failure, slow answers, a slow statement, jobs."""
    recorder = Recorder()
    for _ in range(1998):
        recorder.add((PAGE, "home", "GET", "200"), 40, statements=5, statement_millis=10)
    recorder.add((PAGE, "epi_stocks:cell", "POST", "200"), 3000)
    recorder.add((PAGE, "epi_stocks:cell", "POST", "500"), 20)
    recorder.add((JOB, "accounts.tasks.send_notice", "", "success"), 1500)
    recorder.fault(
        FaultSeen(datetime.now(UTC), "0123456789ab", "epi_stocks:cell", "POST", "500", "ValueError")
    )
    recorder.slow(Slow("SELECT * FROM journal_entry WHERE details = ?", 0.5), "plage:journal")
    recorder.flush()


def read(client, page, **query):
    response = client.get(reverse(f"administration:{page}"), query)
    assert response.status_code == 200
    assert_sound_html(response)
    return response


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("code", ["NAT", "SUP", "ARA", "AUD"])
def test_nobody_else_reads_them(client_for, page, code):
    assert client_for(code).get(reverse(f"administration:{page}")).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_measure_each_says_what_to_expect(operator, page):
    text = read(operator, page).text
    assert "None" not in text
    assert "nan" not in text.lower().split()


def test_the_budget_of_the_month_is_told_with_its_formula(operator, measured):
    response = read(operator, "errors")
    figures = {one.label: one for one in response.context["figures"]}
    assert figures["Objectif tenu ce mois-ci"].value == "99,90\u00a0%"
    assert figures["Reste du budget d’erreurs"].value == "0\u00a0%"
    assert figures["Vitesse de dépense, dernière heure"].value == "1,0"
    assert "Objectif tenu = (demandes − manquées) ÷ demandes" in response.text


def test_a_budget_overspent_is_said_in_a_word():
    assert [tables.left(Budget(1000, missed, 99.9)) for missed in (0, 1, 2)] == [
        "100\u00a0%",
        "0\u00a0%",
        "épuisé",
    ]
    assert tables.left(Budget(0, 0, 99.9)) == "pas encore"


def test_an_error_is_found_by_its_incident_number(operator, measured):
    text = read(operator, "errors").text
    assert "0123456789ab" in text
    assert "ValueError" in text
    assert "epi_stocks:cell" in text


def test_durations_are_told_by_page_and_by_job(operator, measured):
    response = read(operator, "slowness")
    home = next(row for row in response.context["pages"].rows if row[0] == "home")
    count, p50, p95, p99, sent, in_base = home[1:]
    assert count == "1\u202f998"
    assert p50 == "38\u00a0ms"  # the middle of its class, 25 to 50 ms
    assert p95.endswith("ms")
    assert p99.endswith("ms")
    assert (sent, in_base) == ("5,0", "25\u00a0%")
    assert "Écrire et envoyer un courriel" in response.text


@pytest.mark.parametrize("asked", ["1h", "7j", "31j", "", "x", "1h'--"])
def test_a_period_is_chosen_and_anything_else_is_the_usual_one(operator, measured, asked):
    assert "home" in read(operator, "slowness", sur=asked).text


def test_a_slow_statement_is_told_with_the_page_that_asks_it(operator, measured):
    response = read(operator, "statements")
    assert "SELECT * FROM journal_entry WHERE details = ?" in response.text
    assert "plage:journal" in response.text
    assert "pg_stat_statements" in response.text


def test_what_postgresql_counts_is_shown_where_it_counts(operator, measured, monkeypatch):
    found = [Statement("SELECT ?", 12, 340.0, 80.0)]
    monkeypatch.setattr("config.administration.measure_views.counted", lambda: found)
    response = read(operator, "statements")
    assert "Comptées par PostgreSQL" in response.text
    assert response.context["counted"].rows[0][:2] == ["SELECT ?", "12"]  # of a page nobody knows
    assert "activez l’extension" not in response.text


def test_an_extension_that_is_not_loaded_is_as_if_it_were_not_there(monkeypatch):
    assert statements.counted() is None
    monkeypatch.setattr(statements, "INSTALLED", "SELECT true")
    assert statements.counted() is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # the transaction goes on


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_as_many_statements_whatever_was_measured(operator, page, measured):
    def queries():
        with CaptureQueriesContext(connection) as found:
            read(operator, page)
        return len(found)

    queries()
    before = queries()
    recorder = Recorder()
    for number in range(60):
        recorder.add((PAGE, f"page-{number}", "GET", "200"), 40)
        recorder.slow(Slow(f"SELECT a{number}", 0.5), "home")
        recorder.fault(FaultSeen(datetime.now(UTC), "b", f"page-{number}", "GET", "500", "E"))
    recorder.flush()
    assert queries() == before


def test_the_overview_tells_the_objective(operator, measured):
    figures = {one.label: one for one in read(operator, "health").context["figures"]}
    assert figures["Objectif tenu ce mois-ci"].url == reverse("administration:errors")


@pytest.mark.parametrize(
    ("millis", "text"),
    [
        (None, "aucune"),
        (0.2, "1\u00a0ms"),
        (999, "999\u00a0ms"),
        (1234, "1,2\u00a0s"),
        (float("inf"), "plus de 10\u00a0s"),
    ],
)
def test_a_duration_is_written_as_one_says_it(millis, text):
    assert tables.lasting(millis) == text
    assert BOUNDS[-1] == 10_000


def test_a_share_is_never_rounded_up_to_what_is_not_so():
    assert tables.percents(99.9999) == "99,99\u00a0%"
    assert tables.percents(100) == "100,00\u00a0%"
    assert tables.percents(-0.4, places=0) == "\u22121\u00a0%"
