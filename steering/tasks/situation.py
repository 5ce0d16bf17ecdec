"""The task worker makes the weekly bulletins and sends them to those who asked."""

from django.utils import timezone
from procrastinate.contrib.django import app

from steering.services.bulletins import publish_due
from steering.services.digests import send_due


@app.periodic(cron="5,35 * * * *")
@app.task(queue="steering", queueing_lock="steering-bulletins", lock="steering-bulletins")
def publish_bulletins(timestamp: int) -> None:
    """From Monday seven o'clock in Paris, once; a worker that was away makes them on its return."""
    now = timezone.now()
    publish_due(now)
    send_due(now)
