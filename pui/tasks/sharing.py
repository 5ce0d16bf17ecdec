"""What the task worker does of a share-out: the mails to the agencies and to the pharmacies."""

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.models import SentMail
from accounts.tasks import AGAIN, MAIL
from pui.sharing.letters import Event, queue_announcements


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def announce_share_out(
    context: JobContext, share_out: int, event: str = Event.PUBLISHED.value
) -> None:
    """Queue a mail a person, once: tried again, the job finds that it was done."""
    with transaction.atomic():
        _, is_first = SentMail.objects.get_or_create(job=context.job.id)
        if is_first:
            queue_announcements(share_out, Event(event))
