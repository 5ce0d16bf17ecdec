"""The task worker without its process: what waits in the mail queue leaves, one by one."""

from types import SimpleNamespace

from django.core import mail
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.tasks import MAIL


def waiting():
    """What waits to leave: notice, number, person."""
    jobs = ProcrastinateJob.objects.filter(status="todo", queue_name=MAIL).order_by("pk")
    return [tuple(job.args.values()) for job in jobs]


def deliver():
    """Do every job of the queue, and those that they queue; the mails that left, oldest first."""
    before = len(mail.outbox)
    while job := _next_job():
        run(job)
        _finish(job)
    return mail.outbox[before:]


def run(job):
    """Do a job, as often as asked: the worker may be killed before it says that it has."""
    app.tasks[job.task_name](SimpleNamespace(job=job), **job.args)


def _next_job():
    jobs = ProcrastinateJob.objects.filter(status="todo", queue_name=MAIL)
    return jobs.order_by("-priority", "pk").first()


def _finish(job):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
