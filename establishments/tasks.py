"""Background work of the directory: a FINESS file takes longer than a page may."""

from procrastinate.contrib.django import app

from common.background import WHEN_BACK
from establishments.finess.jobs import apply_job, read_job

QUEUE = "finess"


@app.task(queue=QUEUE, retry=WHEN_BACK)
def read_finess(import_id):
    read_job(import_id)


@app.task(queue=QUEUE, retry=WHEN_BACK)
def apply_finess(import_id):
    apply_job(import_id)
