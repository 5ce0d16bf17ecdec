"""What the task worker does for EPI-Stocks: keep the summaries fresh, treat the large files."""

from procrastinate.contrib.django import app

from common.background import WHEN_BACK
from epi_stocks.summaries.refresh import declared_weeks, refresh_due_weeks, refresh_weeks
from epi_stocks.transfer.jobs import apply_job, read_job

IMPORTS = "inventory-imports"
TICK = 20  # seconds


@app.periodic(cron=f"* * * * * */{TICK}")
@app.task(queue="summaries", queueing_lock="epi-summaries", lock="epi-summaries")
def refresh_summaries(timestamp: int) -> None:
    """Every forty seconds: the weeks being typed, and the older ones that were marked.

    Often enough for figures at most a minute old, and no more than a twentieth of two processors at
    the size of the country. A timetable cannot say forty seconds: one tick in two is left out.
    """
    if timestamp // TICK % 2 == 0:
        refresh_due_weeks()


@app.periodic(cron="10 3 * * *")
@app.task(queue="summaries", queueing_lock="epi-all-summaries", lock="epi-summaries")
def refresh_all_summaries(timestamp: int) -> None:
    """Each night, every week: a change of directory or of national data reaches the past."""
    for week in declared_weeks():
        refresh_weeks([week])


@app.task(queue=IMPORTS, retry=WHEN_BACK)
def read_inventory(import_id: int) -> None:
    read_job(import_id)


@app.task(queue=IMPORTS, retry=WHEN_BACK)
def apply_inventory(import_id: int) -> None:
    apply_job(import_id)
