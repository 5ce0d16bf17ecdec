"""What the operator does to jobs and mails, in the journal; none reads what they hold."""

from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.notices.aid import write_to
from config.administration.jobs import periodic_names
from config.administration.task_names import name_of
from journal.services import record

LOCKED = "SELECT task_name, status::text FROM procrastinate_jobs WHERE id = %s FOR UPDATE"
FAILURES = "SELECT id FROM procrastinate_jobs WHERE status = 'failed' AND task_name = %s FOR UPDATE"
RETRY = """
    SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)
      FROM procrastinate_jobs WHERE id = ANY(%s)
"""
DISMISS = "DELETE FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'failed'"
TAKEN = "Le même travail attend déjà\u00a0: il passera sans qu’on le relance."
GONE = "Ce travail n’est plus en échec\u00a0: il a été relancé ou classé depuis."


class JobError(Exception):
    """The job is not in the state that one acts on. The message is for the person, in French."""


@transaction.atomic
def retry_job(*, by: User, number: int) -> str:
    """Start a failed job again; return what it does. A round comes back by itself."""
    task = _failed_task(number)
    if task in periodic_names():
        raise JobError("Cette tâche revient d’elle-même\u00a0: classez l’échec, ou laissez-le.")
    _start_again([number])
    record("jobs.retried", by=by, target=name_of(task), jobs=1)
    return name_of(task)


@transaction.atomic
def retry_all(*, by: User, task: str) -> int:
    """Start again all that failed of one task (mails after a failure of SMTP); how many."""
    if task in periodic_names():
        raise JobError("Cette tâche revient d’elle-même\u00a0: classez ses échecs.")
    numbers = _failures(task)
    _start_again(numbers)
    record("jobs.retried", by=by, target=name_of(task), jobs=len(numbers))
    return len(numbers)


@transaction.atomic
def dismiss(*, by: User, number: int) -> str:
    """Class a failure: it was looked at, it no longer counts. What it meant to do is not done."""
    task = _failed_task(number)
    with connection.cursor() as cursor:
        cursor.execute(DISMISS, [[number]])
    record("jobs.dismissed", by=by, target=name_of(task), jobs=1)
    return name_of(task)


@transaction.atomic
def dismiss_all(*, by: User, task: str) -> int:
    numbers = _failures(task)
    with connection.cursor() as cursor:
        cursor.execute(DISMISS, [numbers])
    record("jobs.dismissed", by=by, target=name_of(task), jobs=len(numbers))
    return len(numbers)


@transaction.atomic
def send_trial(*, by: User) -> str:
    """Queue a mail to oneself, by the way of all the others; return where."""
    lines = [
        "Ce courriel est un essai\u00a0: il a suivi le chemin de tous les autres, de la file au "
        "serveur d’envoi.",
        "S’il vous est parvenu, les courriels partent.",
    ]
    address = str(by.email)
    write_to(
        [address], subject="essai d’envoi", lines=lines, path="/administration/sante/courriels/"
    )
    record("mails.tested", by=by)
    return address


def _start_again(numbers: list[int]) -> None:
    """All or none: two of the same work (by its queueing lock) do not wait at once."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(RETRY, [numbers])
    except IntegrityError as error:
        raise JobError(TAKEN) from error


def _failed_task(number: int) -> str:
    """The task of a failed job, held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCKED, [number])
        found = cursor.fetchone()
    if found is None or found[1] != "failed":
        raise JobError(GONE)
    return str(found[0])


def _failures(task: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(FAILURES, [task])
        numbers = [number for (number,) in cursor.fetchall()]
    if not numbers:
        raise JobError("Plus aucun de ces travaux n’est en échec.")
    return numbers
