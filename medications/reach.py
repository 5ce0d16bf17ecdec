"""Whom a decision on a list concerns: asked of the pharmacies, which live on a higher floor.

``config`` gives the national screens something that answers so (`pui/reach.py`).
"""

from collections.abc import Collection
from datetime import date
from typing import Protocol

from common.cover import Thresholds


class Reach(Protocol):
    def declaring(self, on: date) -> int:
        """How many pharmacies are open that day: each declares the lists."""

    def holding(self, product_ids: Collection[int]) -> dict[str, int]:
        """By region, how many hold or use one of these products, as they last declared it."""

    def transmitted(self, slug: str, due_on: date) -> int:
        """How many have already declared that list for that due day."""

    def tense(self, limits: Thresholds) -> int:
        """How many priority DCIs would be in tension over the country with these thresholds."""
