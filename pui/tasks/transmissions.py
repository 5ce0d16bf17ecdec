"""What the task worker does of large declarations: read them, then store them once confirmed."""

from procrastinate.contrib.django import app

from common.background import WHEN_BACK
from pui.transfer.jobs import forget_old, read_job, store_job

TRANSMISSIONS = "transmissions"


@app.task(queue=TRANSMISSIONS, retry=WHEN_BACK)
def read_transmission(transmission_id: int) -> None:
    read_job(transmission_id)


@app.task(queue=TRANSMISSIONS, retry=WHEN_BACK)
def store_transmission(transmission_id: int) -> None:
    store_job(transmission_id)


@app.periodic(cron="40 3 * * *")
@app.task(queue=TRANSMISSIONS, queueing_lock="transmissions-old")
def forget_old_transmissions(timestamp: int) -> None:
    """Each night: what nobody confirmed for a week goes."""
    forget_old()
