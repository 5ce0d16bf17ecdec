"""Large files of capacities: read, then written once confirmed."""

from procrastinate.contrib.django import app

from common.background import WHEN_BACK, give_back_stalled
from orders.capacities.jobs import apply_job, read_job

CAPACITIES = "capacities"


@app.task(queue=CAPACITIES, retry=WHEN_BACK)
def read_capacities(import_id: int) -> None:
    read_job(import_id)


@app.task(queue=CAPACITIES, retry=WHEN_BACK)
def apply_capacities(import_id: int) -> None:
    apply_job(import_id)


@app.periodic(cron="* * * * *")
@app.task(queue=CAPACITIES, queueing_lock="capacities-stalled")
async def give_back_capacities(timestamp: int) -> None:
    """Both can be started again safely: what they write goes in one transaction."""
    await give_back_stalled(CAPACITIES)
