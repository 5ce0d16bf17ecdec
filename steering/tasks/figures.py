"""What the task worker makes for the public: the open data, the figures of usage."""

from procrastinate.contrib.django import app

from steering.services.open_data import publish_datasets
from steering.services.statistics import keep_statistics

QUEUE = "feeds"


@app.periodic(cron="15 4 * * *")
@app.task(queue=QUEUE, queueing_lock="steering-open-data")
def publish_closed_periods(timestamp: int) -> None:
    """Each week or month that has just closed, once."""
    publish_datasets()


@app.periodic(cron="50 4 * * *")
@app.task(queue=QUEUE, queueing_lock="steering-statistics")
def keep_statistics_of_the_day(timestamp: int) -> None:
    keep_statistics()
