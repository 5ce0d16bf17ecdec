"""The task worker keeps the figures of the dashboards."""

from procrastinate.contrib.django import app

from orders.dashboard.refresh import refresh_all, refresh_due


@app.periodic(cron="*/2 * * * *")
@app.task(queue="summaries", queueing_lock="orders-summaries", lock="orders-summaries")
def refresh_figures(timestamp: int) -> None:
    """Every two minutes: the weeks whose quotas still change, the orders under way."""
    refresh_due()


@app.periodic(cron="40 3 * * *")
@app.task(queue="summaries", queueing_lock="orders-all-summaries", lock="orders-summaries")
def refresh_every_figure(timestamp: int) -> None:
    """Each night, the twelve weeks: a change of directory reaches the past."""
    refresh_all()
