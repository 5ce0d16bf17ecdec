"""Orders from the State stock: who, what, how much, and what became of it."""

from orders.models.address import DeliveryAddress
from orders.models.allocation import (
    Allocation,
    Quota,
    QuotaExtra,
    RegionalPool,
    RegionFactor,
    Share,
)
from orders.models.beneficiary import Beneficiary, Platform, ServedRegion
from orders.models.doctrine import (
    Basis,
    Capacity,
    CapacityRequest,
    Doctrine,
    DoctrineGroup,
    GroupCategory,
    Ratio,
)
from orders.models.exchange import FiledOrder, LogisticsReport, OrderFile
from orders.models.order import Movement, Order, OrderLine, OrderStep
from orders.models.product import Product, Source, Stock
from orders.models.replenishment import Replenishment
from orders.models.reroute import Reroute
from orders.models.shipment import Parcel, Shipment, ShipmentLine
from orders.models.tension import SupplyDifficulty, Tension

__all__ = [
    "Allocation",
    "Basis",
    "Beneficiary",
    "Capacity",
    "CapacityRequest",
    "DeliveryAddress",
    "Doctrine",
    "DoctrineGroup",
    "FiledOrder",
    "GroupCategory",
    "LogisticsReport",
    "Movement",
    "Order",
    "OrderFile",
    "OrderLine",
    "OrderStep",
    "Parcel",
    "Platform",
    "Product",
    "Quota",
    "QuotaExtra",
    "Ratio",
    "RegionFactor",
    "RegionalPool",
    "Replenishment",
    "Reroute",
    "ServedRegion",
    "Share",
    "Shipment",
    "ShipmentLine",
    "Source",
    "Stock",
    "SupplyDifficulty",
    "Tension",
]
