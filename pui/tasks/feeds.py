"""What the task worker gives to others: the snapshot of each day, the open data of each due day."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pui.services.open_data import publish_open_data
from pui.services.snapshots import forget_old_snapshots, make_snapshot, snapshot_is_due

QUEUE = "feeds"


@app.periodic(cron="*/20 * * * *")
@app.task(queue=QUEUE, queueing_lock="pui-snapshot")
def make_daily_snapshot(timestamp: int) -> None:
    """From five in the morning, until it is made: a worker that was away makes it on its return."""
    if snapshot_is_due(timezone.now()):
        make_snapshot()
        forget_old_snapshots()


@app.periodic(cron="10,40 * * * *")
@app.task(queue=QUEUE, queueing_lock="pui-open-data")
def publish_closed_due_days(timestamp: int) -> None:
    """Each due day that has just closed, once."""
    publish_open_data()
