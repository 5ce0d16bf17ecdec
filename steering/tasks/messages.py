"""The mails about messages leave by batches."""

from procrastinate.contrib.django import app

from accounts.tasks import MAIL
from common.background import WHEN_BACK
from steering.services.message_mails import queue_left, send_waiting


@app.task(queue=MAIL, retry=WHEN_BACK)
def send_batch(message: int) -> None:
    """Send the next ones; those that the mail server did not take are left to ``send_left``."""
    send_waiting(message)


@app.periodic(cron="*/10 * * * *")
@app.task(queue=MAIL, queueing_lock="messages-left")
def send_left(timestamp: int) -> None:
    """Every ten minutes: what a server that was away, or a worker that died, left behind."""
    queue_left()
