"""The task worker makes the weekly bulletins, sends them to those who asked, draws their PDF."""

from django.utils import timezone
from procrastinate.contrib.django import app

from common.background import WHEN_BACK
from steering.models import Bulletin
from steering.services import bulletin_documents
from steering.services.bulletins import publish_due
from steering.services.digests import send_due

QUEUE = "steering"


@app.periodic(cron="5,35 * * * *")
@app.task(queue=QUEUE, queueing_lock="steering-bulletins", lock="steering-bulletins")
def publish_bulletins(timestamp: int) -> None:
    """From Monday seven o'clock in Paris, once; a worker that was away makes them on its return."""
    now = timezone.now()
    try:
        publish_due(now)
    finally:
        send_due(now)
        bulletin_documents.prepare_due(now)


@app.task(queue=QUEUE, retry=WHEN_BACK)
def write_document(bulletin: int, reading: str) -> None:
    """The PDF of one bulletin, for those who hold these rights."""
    row = Bulletin.objects.select_related("region", "published_by").get(pk=bulletin)
    bulletin_documents.write_document(row, reading)
