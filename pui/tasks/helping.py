"""What the task worker does of requests for help: the mail that tells an agency what waits."""

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.notices.sending import send_once
from accounts.tasks import AGAIN, MAIL
from common.background import queue_unless_waiting
from common.working_days import OFFICES_OPEN, is_working_day
from pui.helping.letters import regions_to_tell_again, take_waiting_mail


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def tell_agency_of_requests(context: JobContext, region: str) -> None:
    """One mail for all that waits in a region; nothing when all was answered or told."""
    with transaction.atomic():
        if message := take_waiting_mail(region):
            send_once(message, context.job.id)


@app.periodic(cron="*/20 * * * *")
@app.task(queue="reminders", queueing_lock="pui-help-again")
def tell_agencies_again(timestamp: int) -> None:
    """On a working day, once offices are open: what nobody answered for some of them."""
    now = timezone.localtime()
    if is_working_day(now.date()) and now.time() >= OFFICES_OPEN:
        for region in regions_to_tell_again(now):
            job = tell_agency_of_requests.configure(queueing_lock=f"help-waiting-{region}-again")
            queue_unless_waiting(job, region=region)
