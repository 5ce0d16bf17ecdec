"""Pharmacies, what they declare, and how they came here."""

from pui.models.draft import ColumnMapping, DraftCell, Reopening
from pui.models.feeds import OpenStock, Publication, SnapshotPart
from pui.models.help import HelpRequest
from pui.models.onboarding import OnboardingLine, OnboardingList, SwitchOver
from pui.models.redistribution import MedicineNeed, MedicineTransfer
from pui.models.region import (
    PharmacySummary,
    Reminder,
    StockSummary,
    SubstanceSummary,
    SummarisedDue,
)
from pui.models.register import Pui, ServedEstablishment
from pui.models.reminding import ReminderRound, ReminderTimetable
from pui.models.sharing import PharmacyShare, RegionalShare, ShareOut
from pui.models.stock import LatestStock, ReplacedStock, StockLine
from pui.models.transmission import Transmission

__all__ = [
    "ColumnMapping",
    "DraftCell",
    "HelpRequest",
    "LatestStock",
    "MedicineNeed",
    "MedicineTransfer",
    "OnboardingLine",
    "OnboardingList",
    "OpenStock",
    "PharmacyShare",
    "PharmacySummary",
    "Publication",
    "Pui",
    "RegionalShare",
    "Reminder",
    "ReminderRound",
    "ReminderTimetable",
    "Reopening",
    "ReplacedStock",
    "ServedEstablishment",
    "ShareOut",
    "SnapshotPart",
    "StockLine",
    "StockSummary",
    "SubstanceSummary",
    "SummarisedDue",
    "SwitchOver",
    "Transmission",
]
