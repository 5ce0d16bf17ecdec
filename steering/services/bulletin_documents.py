"""The PDF of a bulletin: seconds to draw, so the task worker draws it, and it is kept a while."""

from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from procrastinate.contrib.django import app

from common.background import queue_unless_waiting
from common.pdf import pdf_of
from common.weeks import shift
from steering.models import Bulletin, BulletinDocument
from steering.situation.bulletin_page import BulletinPage, page_of
from steering.situation.content import Content

WRITE = "steering.tasks.situation.write_document"
TEMPLATE = "steering/situation/bulletin_pdf.html"
PREPARED_FOR = timedelta(days=7)  # after its publication, a PDF is drawn before anybody asks
KEPT_FOR = timedelta(days=90)


def reading_of(content: Content) -> str:
    """The rights that open what is read: those who hold the same share a document."""
    return " ".join(sorted({one.action for one in content.parts}))


def document_of(page: BulletinPage) -> BulletinDocument | None:
    """With its content; None as long as nobody drew it."""
    rows = BulletinDocument.objects.filter(bulletin=page.bulletin)
    return rows.filter(reading=reading_of(page.content)).first()


def has_document(page: BulletinPage) -> bool:
    rows = BulletinDocument.objects.filter(bulletin=page.bulletin)
    return rows.filter(reading=reading_of(page.content)).exists()


def ask_for(bulletin: Bulletin, content: Content) -> None:
    """Have it drawn by the task worker, once however often it is asked."""
    reading = reading_of(content)
    lock = f"bulletin-{bulletin.pk}-{reading}"
    work = app.configure_task(WRITE, queueing_lock=lock)
    queue_unless_waiting(work, bulletin=bulletin.pk, reading=reading)


def write_document(bulletin: Bulletin, reading: str) -> None:
    """Draw it and keep it; twice is once."""
    rows = BulletinDocument.objects.filter(bulletin=bulletin, reading=reading)
    if rows.exists():
        return
    page = page_of(bulletin, reading.split())
    drawn = {"page": page, "PRODUCT_NAME": settings.PRODUCT_NAME}
    written = pdf_of(render_to_string(TEMPLATE, drawn))
    made = BulletinDocument(bulletin=bulletin, reading=reading, content=written)
    BulletinDocument.objects.bulk_create([made], ignore_conflicts=True)


def prepare_due(now: datetime) -> int:
    """Ask for the whole of each bulletin just published; say how many. The old ones are forgotten:
    asked for again, they are drawn again."""
    BulletinDocument.objects.filter(made_at__lt=now - KEPT_FOR).delete()
    fresh = Bulletin.objects.filter(published_at__gte=now - PREPARED_FOR).latest()
    asked = 0
    for one in fresh:
        content = Content.read(one.content)
        if not one.documents.filter(reading=reading_of(content)).exists():
            ask_for(one, content)
            asked += 1
    return asked


def forget_compared(bulletin: Bulletin) -> None:
    """The PDF of the week after compares itself with these figures: it is to be drawn again."""
    after = Bulletin.objects.of(bulletin.region).filter(week=shift(bulletin.week, 1))
    BulletinDocument.objects.filter(bulletin__in=after).delete()
