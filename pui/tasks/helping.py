"""What the task worker does of requests for help: the mail that tells an agency what waits."""

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.notices.sending import send_once
from accounts.tasks import AGAIN, MAIL
from pui.helping.letters import waiting_mail


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def tell_agency_of_requests(context: JobContext, region: str) -> None:
    """One mail for all that waits in a region; nothing when all was answered."""
    with transaction.atomic():
        if message := waiting_mail(region):
            send_once(message, context.job.id)
