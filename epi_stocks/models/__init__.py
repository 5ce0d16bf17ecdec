"""The weekly inventory of protective equipment, its rules with dates, and its summaries."""

from epi_stocks.models.coverage import CentralCoverage
from epi_stocks.models.inventory import (
    EffectiveLine,
    InventoryLine,
    ReplacedLine,
    WeeklyInventory,
)
from epi_stocks.models.item import GLOVES, EpiItem
from epi_stocks.models.redistribution import EquipmentNeed, EquipmentTransfer
from epi_stocks.models.rules import DeclarationRule, ExpectedCategory, TensionThreshold
from epi_stocks.models.summary import (
    DepartmentSummary,
    RegionSummary,
    ReportingSummary,
    StaleWeek,
    SummarisedWeek,
)
from epi_stocks.models.supply import ExpectedSupply
from epi_stocks.models.transfer import InventoryImport

__all__ = [
    "GLOVES",
    "CentralCoverage",
    "DeclarationRule",
    "DepartmentSummary",
    "EffectiveLine",
    "EpiItem",
    "EquipmentNeed",
    "EquipmentTransfer",
    "ExpectedCategory",
    "ExpectedSupply",
    "InventoryImport",
    "InventoryLine",
    "RegionSummary",
    "ReplacedLine",
    "ReportingSummary",
    "StaleWeek",
    "SummarisedWeek",
    "TensionThreshold",
    "WeeklyInventory",
]
