"""What the task worker does of the opening of the pharmacies: the mails to the pharmacists."""

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.notices.sending import send_once
from accounts.tasks import AGAIN, MAIL
from pui.onboarding.letters import pharmacist_mail


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def tell_pharmacist(context: JobContext, lines: list[int], profile: int) -> None:
    """Write the mail from the rows as they are now, and send it once."""
    with transaction.atomic():
        if message := pharmacist_mail(lines, profile):
            send_once(message, context.job.id)
