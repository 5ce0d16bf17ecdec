"""What the task worker does for the views of a region: keep their summaries fresh."""

from procrastinate.contrib.django import app

from pui.region.refreshing import refresh_all, refresh_changed

QUEUE = "summaries"


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, queueing_lock="pui-summaries", lock="pui-summaries")
def refresh_pharmacy_summaries(timestamp: int) -> None:
    """Each minute, what was transmitted since."""
    refresh_changed()


@app.periodic(cron="25 3 * * *")
@app.task(queue=QUEUE, queueing_lock="pui-all-summaries", lock="pui-summaries")
def refresh_all_pharmacy_summaries(timestamp: int) -> None:
    """Each night, the due days of the pages."""
    refresh_all()
