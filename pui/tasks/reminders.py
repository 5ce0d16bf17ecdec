"""What the task worker does of late pharmacies: write to them when their region said so."""

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.notices.sending import send_once
from accounts.tasks import AGAIN, MAIL
from pui.reminders.letters import agency_mail, reminder_mail
from pui.services.rounds import make_rounds


@app.periodic(cron="*/5 * * * *")
@app.task(queue="reminders", queueing_lock="pui-reminders")
def remind_late_pharmacies(timestamp: int) -> None:
    """Every five minutes: the regions whose hour has come and that are not done today."""
    make_rounds()


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def send_reminders(
    context: JobContext, reminders: list[int], profile: int | None, pui: int | None
) -> None:
    """One person's mail, without what came since; nothing when all came."""
    with transaction.atomic():
        if message := reminder_mail(reminders, profile, pui):
            send_once(message, context.job.id)


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def tell_agency(context: JobContext, region: str, puis: list[int]) -> None:
    """To the mailbox of the ARS: whom it has to call."""
    with transaction.atomic():
        if message := agency_mail(region, puis):
            send_once(message, context.job.id)
