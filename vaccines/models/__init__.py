"""Flu campaigns, and the supply lines of COVID and later vaccines."""

from vaccines.models.flu import DeliveredDoses, FluCampaign, FluNeed, FluRequest, TargetGroup
from vaccines.models.line import Reception, SupplyLine
from vaccines.models.report import LineReport
from vaccines.models.vaccine import Vaccine, VialDoses
from vaccines.models.wave import Wave

__all__ = [
    "DeliveredDoses",
    "FluCampaign",
    "FluNeed",
    "FluRequest",
    "LineReport",
    "Reception",
    "SupplyLine",
    "TargetGroup",
    "Vaccine",
    "VialDoses",
    "Wave",
]
