"""Invoices of public buyers are deposited on Chorus Pro, and followed there."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from orders.chorus.client import ChorusError, is_open
from orders.services.deposits import deposit_now, follow_all, note_problem

QUEUE = "chorus"
AGAIN = RetryStrategy(max_attempts=9, exponential_wait=4)  # for a few days, less and less often


@app.task(queue=QUEUE, retry=AGAIN)
def deposit_invoice(deposit: int) -> None:
    """Deposit one; tried again when Chorus Pro does not answer."""
    try:
        deposit_now(deposit)
    except ChorusError as problem:
        note_problem(deposit, problem)
        raise


@app.periodic(cron="17 * * * *")
@app.task(queue=QUEUE)
def follow_deposits(timestamp: int) -> None:
    """Ask each hour about those not seen for four hours."""
    if is_open():
        follow_all()
