"""What the task worker does with the warehouses: order files, reports that waited."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.models import SentMail
from accounts.tasks import AGAIN, MAIL
from orders.logistics.letters import write_pushed
from orders.logistics.simulator import play
from orders.services.order_folder import drop_files
from orders.services.outbox import files_are_due, write_due_files
from orders.services.settling import settle_all

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


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def announce_allocations(context: JobContext, orders: list[int]) -> None:
    """Queue the mails of allocations that were pushed, once."""
    with transaction.atomic():
        _, is_first = SentMail.objects.get_or_create(job=context.job.id)
        if is_first:
            write_pushed(orders)
