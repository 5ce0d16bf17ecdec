"""What the task worker does for the measures."""

from procrastinate.contrib.django import app

from monitoring.upkeep import fold


@app.periodic(cron="25 * * * *")
@app.task(queue="monitoring", queueing_lock="measures-fold", lock="measures-fold")
def fold_measures(timestamp: int) -> None:
    """Each hour: minutes of more than two days become hours, what is old leaves."""
    fold()
