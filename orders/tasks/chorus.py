"""Invoices of public buyers are deposited on Chorus Pro, and followed there."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from orders.chorus.client import is_open
from orders.services.deposits import MOST_TRIES, deposit_now, follow_all

QUEUE = "chorus"
AGAIN = RetryStrategy(
    max_attempts=MOST_TRIES, exponential_wait=4
)  # for a few days, less and less often


@app.task(queue=QUEUE, retry=AGAIN)
def deposit_invoice(deposit: int) -> None:
    """Deposit one; tried again when Chorus Pro does not answer, or does not let in."""
    deposit_now(deposit)


@app.periodic(cron="17 * * * *")
@app.task(queue=QUEUE)
def follow_deposits(timestamp: int) -> None:
    """Ask each hour about those not seen for four hours."""
    if is_open():
        follow_all()
