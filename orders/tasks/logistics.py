"""What the task worker does with the warehouses: order files, reports that waited."""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from orders.logistics.simulator import play
from orders.services.outbox import drop_files, files_are_due, write_due_files
from orders.services.reports import settle_all

QUEUE = "feeds"


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, queueing_lock="order-files", lock="order-files")
def write_order_files(timestamp: int) -> None:
    """Every ``ORDER_FILE_MINUTES``; what a worker that was killed did not drop is dropped now."""
    if files_are_due(timezone.now()):
        write_due_files()
    else:
        drop_files()


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, queueing_lock="waiting-reports", lock="waiting-reports")
def settle_reports(timestamp: int) -> None:
    """What came while another was being applied."""
    settle_all()


@app.periodic(cron="*/10 * * * *")
@app.task(queue=QUEUE, queueing_lock="simulated-warehouses", lock="simulated-warehouses")
def play_warehouses(timestamp: int) -> None:
    """A demonstration has no warehouse: its orders would never leave."""
    if settings.DEMO:
        play()
