"""The weekly inventory of protective equipment, its rules with dates, and its summaries."""

from epi_stocks.models.coverage import CentralCoverage
from epi_stocks.models.inventory import InventoryLine, ReplacedLine, WeeklyInventory
from epi_stocks.models.item import EpiItem
from epi_stocks.models.rules import DeclarationRule, ExpectedCategory, TensionThreshold

__all__ = [
    "CentralCoverage",
    "DeclarationRule",
    "EpiItem",
    "ExpectedCategory",
    "InventoryLine",
    "ReplacedLine",
    "TensionThreshold",
    "WeeklyInventory",
]
