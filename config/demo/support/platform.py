"""What the administration shows: an announcement to come, mails and a job that could not be done.

Each is harmless when it is started again: the mails are too old to leave, the file is already read.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from config.demo.people import ADDRESS
from pui.models import Transmission
from support.models import Announcement
from support.services.texts import announce

MAINTENANCE = (
    "Maintenance prévue samedi de 20\u00a0h à 22\u00a0h\u00a0: le service sera consultable, "
    "sans enregistrement possible."
)
MAIL, FILE = "accounts.tasks.send_sealed", "pui.tasks.transmissions.read_transmission"
LOCK = "demonstration"  # what tells these failures from others
FAILED = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, lock, args)
    VALUES (%s, %s, 'failed', %s, %s, %s::jsonb) RETURNING id
"""
EVENT = "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'failed', %s)"


def build_platform() -> None:
    _announce()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM procrastinate_jobs WHERE lock = %s LIMIT 1", [LOCK])
        if cursor.fetchone() is None:
            _fail()


def _announce() -> None:
    if Announcement.objects.exists():
        return
    today = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    ahead = (5 - today.weekday()) % 7 or 7  # the next Saturday
    starts_at = today.replace(hour=20) + timedelta(days=ahead)
    announce(
        by=User.objects.get(email=f"national{ADDRESS}"),
        text=MAINTENANCE,
        level=Announcement.Level.WARNING,
        audience=Announcement.Audience.ALL,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
    )


@transaction.atomic
def _fail() -> None:
    """Two mails refused eight times, a file that could not be read at once."""
    now = timezone.now()
    rows = [("mail", MAIL, 8, '{"sealed": "illisible"}', hours) for hours in (30, 29)]
    done = Transmission.objects.filter(state=Transmission.State.CONFIRMED).order_by("pk").first()
    if done:
        rows.append(("transmissions", FILE, 1, f'{{"transmission_id": {done.pk}}}', 5))
    with connection.cursor() as cursor:
        for queue, task, attempts, arguments, hours in rows:
            cursor.execute(FAILED, [queue, task, attempts, LOCK, arguments])
            (number,) = cursor.fetchone()
            cursor.execute(EVENT, [number, now - timedelta(hours=hours)])
