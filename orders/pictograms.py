"""The drawings of the catalogue, in ``static/img/orders/``: served under their whole name."""

from collections.abc import Iterable
from typing import Final

PICTOGRAMS: Final = {
    "masque": "Masque",
    "gants": "Gants",
    "surblouse": "Surblouse",
    "tablier": "Tablier",
    "charlotte": "Charlotte",
    "lunettes": "Lunettes",
}


def drawing_of(names: Iterable[str]) -> str:
    """The file of the first that we have; a page never asks for one that does not exist."""
    known = (name for name in names if name in PICTOGRAMS)
    return next((f"img/orders/{name}.svg" for name in known), "")
