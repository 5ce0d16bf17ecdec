"""What the task worker does when the national cell moves a product to another reference."""

from procrastinate.contrib.django import app

from accounts.tasks import AGAIN
from common.background import queue_unless_waiting
from pui.services.settling import settle
from pui.tasks.summaries import QUEUE, refresh_all_pharmacy_summaries


@app.task(queue=QUEUE, retry=AGAIN)
def settle_regrouped(products: list[int], former: list[int]) -> None:
    """The last stocks of each pharmacy, then the summaries of the territories.

    A pharmacy that transmits for longer than a lock is waited for makes it try again.
    """
    settle(products, former)
    queue_unless_waiting(refresh_all_pharmacy_summaries.configure(), timestamp=0)
