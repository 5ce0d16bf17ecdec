"""A guide as a PDF to print or to keep, tagged for those who listen to it (PDF/UA)."""

from functools import cache
from threading import Lock

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static

from common import pdf
from support.guides.catalogue import GUIDES
from support.guides.reading import IMAGES, read, sizes

DRAWING = Lock()  # a drawing takes seconds: two visitors at once do not double it


def pdf_of(slug: str) -> bytes:
    """The document of a guide, drawn once by each process. Raise ``pdf.PdfUnavailableError``."""
    with DRAWING:
        return _drawn(slug)


@cache
def _drawn(slug: str) -> bytes:
    drawn = {"written": read(GUIDES[slug]), "product": settings.PRODUCT_NAME}
    html = render_to_string("support/guides/document.html", drawn)
    for name in sizes():
        image = f"{IMAGES}/{name}.webp"
        html = html.replace(f'src="{static(image)}"', f'src="{image}"')
    return pdf.pdf_of(html)
