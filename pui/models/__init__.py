"""Pharmacies, what they declare, and how they came here."""

from pui.models.draft import ColumnMapping, DraftCell, Reopening
from pui.models.feeds import OpenStock, Publication, SnapshotPart
from pui.models.onboarding import OnboardingLine, OnboardingList, SwitchOver
from pui.models.region import PharmacySummary, Reminder, StockSummary, SummarisedDue
from pui.models.register import Pui, ServedEstablishment
from pui.models.reminding import ReminderRound, ReminderTimetable
from pui.models.stock import LatestStock, ReplacedStock, StockLine
from pui.models.transmission import Transmission

__all__ = [
    "ColumnMapping",
    "DraftCell",
    "LatestStock",
    "OnboardingLine",
    "OnboardingList",
    "OpenStock",
    "PharmacySummary",
    "Publication",
    "Pui",
    "Reminder",
    "ReminderRound",
    "ReminderTimetable",
    "Reopening",
    "ReplacedStock",
    "ServedEstablishment",
    "SnapshotPart",
    "StockLine",
    "StockSummary",
    "SummarisedDue",
    "SwitchOver",
    "Transmission",
]
