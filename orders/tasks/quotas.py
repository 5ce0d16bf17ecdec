"""Quotas: those of the week when it begins, the mails about them."""

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.models import SentMail
from accounts.tasks import AGAIN, MAIL
from orders.quotas.letters import write_extra, write_publication
from orders.services.publishing import renew_all

QUOTAS = "quotas"


@app.periodic(cron="* * * * *")
@app.task(queue=QUOTAS, queueing_lock="quota-weeks", lock="quota-weeks")
def renew_quotas(timestamp: int) -> None:
    """Each minute: the quotas that the week lacks. On Monday at midnight in Paris, all of them.

    A worker that was down at that hour makes them when it is back.
    """
    renew_all()


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def announce_allocation(context: JobContext, allocation: int) -> None:
    """Queue the letters of a publication, once: tried again, the job finds that it was done."""
    with transaction.atomic():
        _, is_first = SentMail.objects.get_or_create(job=context.job.id)
        if is_first:
            write_publication(allocation)


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def announce_quota_extra(context: JobContext, extra: int, is_back: bool) -> None:
    """The same for an exceptional extra."""
    with transaction.atomic():
        _, is_first = SentMail.objects.get_or_create(job=context.job.id)
        if is_first:
            write_extra(extra, is_back=is_back)
