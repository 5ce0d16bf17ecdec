"""Large files of capacities: read, then written once confirmed."""

from procrastinate.contrib.django import app

from common.background import WHEN_BACK
from orders.capacities.jobs import apply_job, read_job

CAPACITIES = "capacities"


@app.task(queue=CAPACITIES, retry=WHEN_BACK)
def read_capacities(import_id: int) -> None:
    read_job(import_id)


@app.task(queue=CAPACITIES, retry=WHEN_BACK)
def apply_capacities(import_id: int) -> None:
    apply_job(import_id)
