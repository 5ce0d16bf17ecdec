"""What the task worker does for EPI-Stocks: keep the summaries at most a minute old."""

from procrastinate.contrib.django import app

from epi_stocks.summaries.refresh import declared_weeks, refresh_due_weeks, refresh_weeks


@app.periodic(cron="* * * * * */30")
@app.task(queue="summaries", queueing_lock="epi-summaries", lock="epi-summaries")
def refresh_summaries(timestamp: int) -> None:
    """Every thirty seconds: the last three weeks, and the older ones that were marked."""
    refresh_due_weeks()


@app.periodic(cron="10 3 * * *")
@app.task(queue="summaries", queueing_lock="epi-all-summaries", lock="epi-summaries")
def refresh_all_summaries(timestamp: int) -> None:
    """Each night, every week: a change of directory or of national data reaches the past."""
    for week in declared_weeks():
        refresh_weeks([week])
