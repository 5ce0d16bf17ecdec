"""What pharmacies declare: products, their groupings, the lists that follow them."""

from medications.models.cover import CoverRule
from medications.models.monitoring import MonitoredList, Monitoring, Priority, ReportingRule
from medications.models.product import (
    AlternateCode,
    Presentation,
    Product,
    ReferenceProduct,
    Substance,
)

__all__ = [
    "AlternateCode",
    "CoverRule",
    "MonitoredList",
    "Monitoring",
    "Presentation",
    "Priority",
    "Product",
    "ReferenceProduct",
    "ReportingRule",
    "Substance",
]
