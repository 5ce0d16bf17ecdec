"""Each night: what is settled or forgotten is closed, what was closed long ago is erased."""

from procrastinate.contrib.django import app

from support.services.purging import purge_old_tickets
from support.services.settling import close_forgotten, close_settled


@app.periodic(cron="10 4 * * *")
@app.task(queue="mail", queueing_lock="ticket-cleaning")
def end_old_tickets(timestamp: int) -> None:
    close_settled()
    close_forgotten()
    purge_old_tickets()
