"""What the operator reads of the jobs, and what they do about a failure."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from config import health
from config.administration import jobs
from config.administration.task_names import QUEUE_NAMES, TASK_NAMES
from config.administration.views import MOST_LATE
from journal.models import Entry
from tests.config.administration.steps import MAIL, ROUND, last_round, make_job, state_of
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client_for):
    return client_for("TEC")


def act(client, **data):
    return client.post(reverse("administration:jobs_act"), data, follow=True)


def told(response):
    return [str(one) for one in response.context["messages"]]


def test_every_task_of_the_worker_has_a_name_in_words():
    assert set(app.tasks) - set(TASK_NAMES) == set()


def test_every_queue_of_the_worker_has_a_name_in_words():
    """But that of procrastinate itself."""
    assert {task.queue for task in app.tasks.values()} - {"default", "builtin"} <= set(QUEUE_NAMES)


@pytest.mark.parametrize(
    ("page", "title"), [("health", "Santé du service"), ("jobs", "Travaux"), ("mails", "Courriels")]
)
def test_the_way_back_names_the_page_one_is_on(operator, page, title):
    body = " ".join(operator.get(reverse(f"administration:{page}")).content.decode().split())
    assert f">{title}</h1>" in body
    crumbs = body.partition("fr-breadcrumb")[2].partition("</nav>")[0]
    assert f'aria-current="page">{title}</a>' in crumbs


def test_the_page_counts_the_states_of_each_queue(operator):
    make_job(), make_job(status="todo"), make_job(status="doing"), make_job(queue="quotas")
    found = {one.name: (one.waiting, one.doing, one.failed) for one in jobs.queues()}
    assert found == {"mail": (1, 1, 1), "quotas": (0, 0, 1)}
    response = operator.get(reverse("administration:jobs"))
    assert_sound_html(response)
    assert "Écrire et envoyer un courriel" in response.content.decode()


def plan(number, *, hours):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() + make_interval(hours => %s)"
            " WHERE id = %s",
            [hours, number],
        )


def test_a_job_planned_for_later_does_not_wait(db):
    plan(make_job(status="todo"), hours=1)
    (queue,) = jobs.queues()
    assert (queue.waiting, queue.later, queue.since) == (0, 1, None)


def test_the_oldest_waits_since_it_is_both_asked_for_and_due(db):
    """Asked for an hour ago and put off by its retries; asked for now, for an hour that passed."""
    with connection.cursor() as cursor:
        put_off, late = make_job(status="todo"), make_job(status="todo", queue="quotas")
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '1 hour' WHERE job_id = %s",
            [put_off],
        )
    plan(put_off, hours=0)
    plan(late, hours=-1)
    assert health.read_queue()["oldest_job_seconds"] < 60
    assert timezone.now() - jobs.waiting_since(jobs.queues()) < timezone.timedelta(minutes=1)


def test_nothing_of_what_a_job_is_about_is_shown(operator):
    make_job(), make_job(status="doing")
    assert "secret" not in operator.get(reverse("administration:jobs")).content.decode()


def test_a_failed_job_started_again_waits_its_turn_and_the_journal_says_who(operator):
    number = make_job()
    response = act(operator, geste="relancer", numero=number, confirmer="oui")
    assert told(response) == ["Relancé\u00a0: Écrire et envoyer un courriel."]
    assert state_of(number) == "todo"
    entry = Entry.objects.get(verb="jobs.retried")
    assert (entry.by, entry.details) == (operator.user, {"jobs": 1})


def test_a_failure_starts_again_only_once_it_was_confirmed(operator):
    number = make_job()
    page = act(operator, geste="relancer", numero=number)
    assert_sound_html(page)
    assert f"Relancer le travail {number}" in page.content.decode()
    assert "Écrire et envoyer un courriel\u00a0: en échec après 8 essais." in page.content.decode()
    assert state_of(number) == "failed"
    assert not Entry.objects.filter(verb="jobs.retried").exists()


def test_jobs_that_lost_their_worker_or_wait_for_another_try_are_listed(operator):
    lost, again = make_job(status="doing"), make_job(status="todo")
    make_job(status="succeeded"), make_job()
    assert [one.number for one in jobs.stalled()] == [lost]
    assert [one.number for one in jobs.retried()] == [again]
    page = operator.get(reverse("administration:jobs"))
    assert_sound_html(page)
    assert "Travaux dont le processus ne répond plus" in page.content.decode()
    assert "Travaux refusés une fois, qui seront réessayés" in page.content.decode()
    (row,) = page.context["retried"].rows
    assert row[-1] == "dès que possible"
    plan(again, hours=1)
    (row,) = operator.get(reverse("administration:jobs")).context["retried"].rows
    assert " à " in row[-1]


def test_a_worker_that_gives_a_sign_of_life_loses_nothing(operator):
    number = make_job(status="doing")
    body = operator.get(reverse("administration:jobs")).content.decode()
    assert "Aucun processus de tâches ne donne signe de vie" in body
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET worker_id = %s WHERE id = %s", [worker, number]
        )
    assert (jobs.workers(), jobs.stalled()) == (1, [])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '61 seconds'"
        )
    assert (jobs.workers(), len(jobs.stalled())) == (0, 1)


def test_a_failure_classed_no_longer_counts(operator):
    number = make_job()
    act(operator, geste="classer", numero=number)
    assert state_of(number) is None
    assert Entry.objects.filter(verb="jobs.dismissed").count() == 1


@pytest.mark.parametrize("status", ["todo", "doing", "succeeded"])
@pytest.mark.parametrize("verb", ["relancer", "classer"])
def test_what_is_not_in_failure_is_left_alone(operator, status, verb):
    number = make_job(status=status)
    response = act(operator, geste=verb, numero=number, confirmer="oui")
    assert "n’est plus en échec" in told(response)[0]
    assert state_of(number) == status
    assert not Entry.objects.filter(verb__startswith="jobs.").exists()


def test_a_round_is_not_started_by_hand_it_comes_back(operator):
    number = make_job(ROUND, queue="quotas")
    response = act(operator, geste="relancer", numero=number, confirmer="oui")
    assert "revient d’elle-même" in told(response)[0]
    assert state_of(number) == "failed"


def test_nor_all_the_failures_of_a_round(operator):
    numbers = [make_job(ROUND, queue="quotas") for _ in range(2)]
    response = act(operator, geste="relancer-tout", tache=ROUND, confirmer="oui")
    assert "revient d’elle-même" in told(response)[0]
    assert {state_of(one) for one in numbers} == {"failed"}


def test_a_failure_whose_like_waits_already_is_not_started_twice(operator):
    number = make_job("pui.tasks.transmissions.read_transmission", lock="read-1")
    make_job("pui.tasks.transmissions.read_transmission", status="todo", lock="read-1")
    response = act(operator, geste="relancer", numero=number, confirmer="oui")
    assert "attend déjà" in told(response)[0]
    assert state_of(number) == "failed"


def test_all_failures_of_a_task_start_again_once_their_number_was_read(operator):
    mails, other = [make_job(), make_job()], make_job(ROUND)
    page = act(operator, geste="relancer-tout", tache=MAIL)
    assert "2 en échec" in page.content.decode()
    assert {state_of(one) for one in mails} == {"failed"}
    response = act(operator, geste="relancer-tout", tache=MAIL, confirmer="oui")
    assert told(response) == ["2 travaux relancés."]
    assert [state_of(one) for one in (*mails, other)] == ["todo", "todo", "failed"]


def test_all_failures_of_a_task_are_classed(operator):
    numbers = [make_job(), make_job()]
    other = make_job(ROUND)
    act(operator, geste="classer-tout", tache=MAIL, confirmer="oui")
    assert {state_of(one) for one in numbers} == {None}
    assert state_of(other) == "failed"
    entry = Entry.objects.get(verb="jobs.dismissed")
    assert (entry.by, entry.details) == (operator.user, {"jobs": 2})


def test_with_no_failure_left_the_page_says_so(operator):
    response = act(operator, geste="classer-tout", tache=MAIL, confirmer="oui")
    assert "Plus aucun" in told(response)[0]
    assert "Aucun travail n’est en échec" in response.content.decode()


@pytest.mark.parametrize("data", [{"geste": "effacer"}, {"geste": "relancer", "numero": "x"}, {}])
def test_a_forged_form_is_refused(operator, data):
    assert operator.post(reverse("administration:jobs_act"), data).status_code == 400


def test_failures_come_by_pages_and_by_task(operator, monkeypatch):
    monkeypatch.setattr(jobs, "FAILED_PER_PAGE", 2)
    numbers = [make_job() for _ in range(3)]
    make_job(ROUND)
    first = operator.get(reverse("administration:jobs"), {"tache": MAIL})
    assert [one.number for one in first.context["failed"]] == numbers[:0:-1]
    assert first.context["has_next"]
    second = operator.get(reverse("administration:jobs"), {"tache": MAIL, "page": "2"})
    assert [one.number for one in second.context["failed"]] == numbers[:1]
    assert not second.context["has_next"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "９", "99999999"])
def test_a_page_that_cannot_be_is_the_first(operator, page):
    response = operator.get(reverse("administration:jobs"), {"page": page})
    assert response.context["page"] == 1


def test_the_page_does_not_ask_more_for_more_failures(operator):
    operator.get(reverse("administration:jobs"))
    make_job()
    with CaptureQueriesContext(connection) as few:
        operator.get(reverse("administration:jobs"))
    for _ in range(20):
        make_job()
    with CaptureQueriesContext(connection) as many:
        operator.get(reverse("administration:jobs"))
    assert len(many) == len(few)


def test_a_round_that_did_not_come_in_time_is_late_and_first(db):
    now = timezone.now()
    for one in jobs.periodic_tasks():
        if one.task.name != ROUND:
            last_round(one.task.name, now)
    last_round(ROUND, now - timezone.timedelta(minutes=20))
    found = jobs.rounds(now)
    assert [one.task for one in found if one.is_late] == [ROUND]
    assert found[0].task == ROUND
    assert all(one.next > now for one in found)


def test_a_round_whose_hour_has_just_passed_has_a_few_minutes_to_come(db):
    """The worker may be busy."""
    night = "orders.tasks.figures.refresh_every_figure"
    round_ = next(one for one in jobs.periodic_tasks() if one.task.name == night)
    now = timezone.now()
    due = jobs.round_of(round_, now, now).next
    last_night = due - timezone.timedelta(days=1)
    soon, later = (due + timezone.timedelta(minutes=one) for one in (4, 6))
    assert not jobs.round_of(round_, last_night, soon).is_late
    assert jobs.round_of(round_, last_night, later).is_late


def test_a_nightly_round_is_not_late_by_day(db):
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    night = "orders.tasks.figures.refresh_every_figure"
    last_round(night, noon.replace(hour=3, minute=40))
    assert not next(one for one in jobs.rounds(noon) if one.task == night).is_late
    later = noon + timezone.timedelta(days=1)
    assert next(one for one in jobs.rounds(later) if one.task == night).is_late


def test_a_round_that_never_came_is_late_once_its_hour_passed_since_the_last_update(db):
    updated = jobs.last_update()
    assert not any(one.is_late for one in jobs.rounds(updated + timezone.timedelta(seconds=1)))
    in_two_hours = jobs.rounds(updated + timezone.timedelta(hours=2))
    assert {one.is_late for one in in_two_hours} == {True, False}
    assert all(one.is_late for one in jobs.rounds(updated + timezone.timedelta(days=40)))


def test_when_the_worker_stops_the_first_late_tasks_are_shown_and_the_others_folded(
    operator, monkeypatch
):
    rounds = [jobs.round_of(one, None, timezone.now()) for one in jobs.periodic_tasks()]
    monkeypatch.setattr(jobs, "rounds", lambda: rounds)
    response = operator.get(reverse("administration:jobs"))
    assert_sound_html(response)
    page, more = response.content.decode(), len(rounds) - MOST_LATE
    assert f"Voir les {more} autres tâches en retard" in page
    assert "le processus de tâches est sans doute arrêté" in page
    for one in rounds:
        assert page.count(f">{one.name}</th>") == 1
    monkeypatch.setattr(jobs, "rounds", lambda: rounds[: MOST_LATE + 1])
    assert "autres tâches en retard" not in operator.get(reverse("administration:jobs")).text
