"""The mails of a wave: its new lines, its deadline moved, its deliveries that changed."""

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.models import SentMail
from accounts.tasks import AGAIN, MAIL
from vaccines.waves.letters import queue_changes, queue_deadline, queue_lines


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def announce_wave(context: JobContext, wave: int, puis: list[int]) -> None:
    """Queue a mail a person, once: tried again, the job finds that it was done."""
    with transaction.atomic():
        _, is_first = SentMail.objects.get_or_create(job=context.job.id)
        if is_first:
            queue_lines(wave, puis)


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def announce_moved_deadline(context: JobContext, wave: int, before: str) -> None:
    """The same for a deadline that moved."""
    with transaction.atomic():
        _, is_first = SentMail.objects.get_or_create(job=context.job.id)
        if is_first:
            queue_deadline(wave, before)


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def announce_deliveries(context: JobContext, before: dict[str, str]) -> None:
    """The same for the deliveries that changed after they were shown."""
    with transaction.atomic():
        _, is_first = SentMail.objects.get_or_create(job=context.job.id)
        if is_first:
            queue_changes(before)
