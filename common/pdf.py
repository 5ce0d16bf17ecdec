"""A page of ours as a PDF that assistive technologies can read (PDF/UA), its fonts inside.

Nothing is fetched: styles, images and fonts are static files of the house (``<link
href="css/…">``), or the document does without. Drawings take the colours of ``charts-pdf.css``:
what lays out the page reads no variable inside them.
"""

import logging
import re
from functools import cache
from importlib import import_module
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlparse

from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import Image

NO_PDF: Final = "Ce serveur n’écrit pas de PDF\u00a0: imprimez la page, elle est faite pour cela."
VARIANT: Final = "pdf/ua-1"
ROOT: Final = "file:///static/"
DRAWING: Final = re.compile(r"<svg\b[^>]*>")
SCREENSHOT: Final = "image/webp"
JPEG_QUALITY: Final = 70
OWN_LINK: Final = 'href="/'  # read away from the site, a link says which site it leads to
ORNAMENT: Final = 'aria-hidden="true"'


class PdfUnavailableError(Exception):
    """The library of the system that lays out text (Pango) is not on this machine."""


def pdf_of(html: str) -> bytes:
    """Lay out a whole page, whose ``lang`` and ``title`` become those of the document.

    Raise ``PdfUnavailableError``.
    """
    library = _library()
    drawn = DRAWING.sub(_dressed, html).replace(OWN_LINK, f'href="{settings.SITE_URL}/')
    page = library.HTML(string=drawn, base_url=ROOT, url_fetcher=_fetcher())
    written: bytes = page.write_pdf(pdf_variant=VARIANT)
    return written


def check_available() -> None:
    """Raise ``PdfUnavailableError`` where no PDF can be written."""
    _library()


def _dressed(opening: re.Match[str]) -> str:
    """An ornament has an empty alternative: without one, a reader announces an unknown image."""
    alternative = "<title> </title>" if ORNAMENT in opening[0] else ""
    return f"{opening[0]}{alternative}<style>{_drawing_style()}</style>"


@cache
def _library() -> Any:
    """Loaded at the first PDF: half a second, and Pango, which a server may do without."""
    for name in ("weasyprint", "weasyprint.progress", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        return import_module("weasyprint")
    except OSError as error:
        raise PdfUnavailableError from error


@cache
def _fetcher() -> Any:
    urls = import_module("weasyprint.urls")

    def fetch(self: Any, url: str, headers: Any = None) -> Any:
        kind = guess_type(url)[0] or "application/octet-stream"
        content = static_file(url)
        if kind == SCREENSHOT:
            kind, content = "image/jpeg", _as_jpeg(content)
        return urls.URLFetcherResponse(url, content, {"Content-Type": kind})

    return type("StaticFetcher", (urls.URLFetcher,), {"fetch": fetch})()


def _as_jpeg(content: bytes) -> bytes:
    """A PDF holds a JPEG as it is: five times lighter than the points of a screenshot."""
    drawn = BytesIO()
    with Image.open(BytesIO(content)) as image:
        image.convert("RGB").save(drawn, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return drawn.getvalue()


def static_file(url: str) -> bytes:
    """Raise ``ValueError`` for what is no static file of ours: it stays out of the document."""
    path = unquote(urlparse(url).path)
    found = finders.find(path.removeprefix("/static/")) if url.startswith(ROOT) else None
    if not isinstance(found, str):
        raise ValueError(f"not a static file of ours: {url[:100]}")
    return Path(found).read_bytes()


@cache
def _drawing_style() -> str:
    return static_file(f"{ROOT}css/charts-pdf.css").decode()
