"""Products that are back: whoever waits for one is told, within a few minutes."""

from django.db import transaction
from procrastinate.contrib.django import app

from accounts.tasks import MAIL
from orders.ordering.watches import queue_watches


@app.periodic(cron="*/5 * * * *")
@app.task(queue=MAIL, queueing_lock="orders-watches", lock="orders-watches")
def tell_watches(timestamp: int) -> None:
    with transaction.atomic():
        queue_watches()
