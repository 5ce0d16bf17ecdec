"""Pharmacies, what they declare, and how they came here."""

from pui.models.draft import ColumnMapping, DraftCell, Reopening
from pui.models.onboarding import OnboardingLine, OnboardingList, SwitchOver
from pui.models.redistribution import MedicineNeed, MedicineTransfer
from pui.models.region import PharmacySummary, Reminder, StockSummary, SummarisedDue
from pui.models.register import Pui, ServedEstablishment
from pui.models.stock import LatestStock, ReplacedStock, StockLine
from pui.models.transmission import Transmission

__all__ = [
    "ColumnMapping",
    "DraftCell",
    "LatestStock",
    "MedicineNeed",
    "MedicineTransfer",
    "OnboardingLine",
    "OnboardingList",
    "PharmacySummary",
    "Pui",
    "Reminder",
    "Reopening",
    "ReplacedStock",
    "ServedEstablishment",
    "StockLine",
    "StockSummary",
    "SummarisedDue",
    "SwitchOver",
    "Transmission",
]
