"""The drawings of the catalogue are there, and every static file is asked for by its whole name."""

import re
from pathlib import Path

from django.conf import settings

from orders.pictograms import PICTOGRAMS, drawing_of

DRAWINGS = settings.BASE_DIR / "static" / "img" / "orders"
IN_PIECES = re.compile(r"{%\s*static\s+['\"][^'\"]*/['\"]\s*%}")


def test_each_name_has_its_drawing_and_each_drawing_its_name():
    assert {one.stem for one in DRAWINGS.glob("*.svg")} == set(PICTOGRAMS)


def test_a_name_without_drawing_asks_for_nothing():
    assert drawing_of(["", "inconnu"]) == ""
    assert drawing_of(["inconnu", "gants"]) == "img/orders/gants.svg"


def test_no_template_writes_the_address_of_a_static_file_in_pieces():
    """In production a file is served under a name that holds its hash: the folder alone is none."""
    templates = Path(settings.BASE_DIR / "templates").rglob("*.html")
    assert [one.name for one in templates if IN_PIECES.search(one.read_text())] == []
