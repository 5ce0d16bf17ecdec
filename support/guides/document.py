"""A guide as a PDF to print or to keep, tagged for those who listen to it (PDF/UA)."""

from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from PIL import Image
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from support.guides.catalogue import GUIDES
from support.guides.reading import IMAGES, read, sizes

DRAWING = Lock()  # a drawing takes seconds: two visitors at once do not double it
STYLE = "css/support-guides-pdf.css"
FONTS = ("Marianne-Regular.woff2", "Marianne-Bold.woff2")


def pdf_of(slug: str) -> bytes:
    """The document of a guide, drawn once by each process."""
    with DRAWING:
        return _drawn(slug)


@cache
def _drawn(slug: str) -> bytes:
    written = read(GUIDES[slug])
    html = render_to_string(
        "support/guides/document.html", {"written": written, "product": settings.PRODUCT_NAME}
    )
    document = HTML(string=html, base_url=f"{settings.SITE_URL}/", url_fetcher=_OwnFiles())
    style = CSS(filename=str(_found(STYLE)), url_fetcher=_OwnFiles())
    made: bytes = document.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")
    return made


class _OwnFiles(URLFetcher):
    """The screenshots and the fonts, from the disk; nothing from elsewhere."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        address = urlsplit(url)
        found = _files().get(address.path) or _files().get(Path(address.path).name)
        if found is None:
            raise ValueError(f"Un guide ne cite pas ce fichier\u00a0: {url}")
        return URLFetcherResponse(url, body=_content(found))


def _content(path: Path) -> bytes:
    """A screenshot as a JPEG, which a PDF holds as it is: five times lighter than its points."""
    if path.suffix != ".webp":
        return path.read_bytes()
    drawn = BytesIO()
    with Image.open(path) as image:
        image.convert("RGB").save(drawn, "JPEG", quality=70, optimize=True)
    return drawn.getvalue()


@cache
def _files() -> dict[str, Path]:
    """Where each file is, by the address that the page gives it, and each font by its name."""
    images = [f"{IMAGES}/{name}.webp" for name in sizes()]
    fonts: dict[str, Any] = {name: _found(f"dsfr/dist/fonts/{name}") for name in FONTS}
    return {urlsplit(static(image)).path: _found(image) for image in images} | fonts


def _found(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)
