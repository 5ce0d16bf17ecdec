"""Orders from the State stock: who, what, how much, and what became of it."""

from orders.models.address import DeliveryAddress
from orders.models.allocation import Adjustment, Allocation, RegionFactor, Share
from orders.models.beneficiary import Beneficiary, Platform, ServedRegion
from orders.models.capacity_import import CapacityImport
from orders.models.carrier import Carrier
from orders.models.claim import Claim, ClaimMessage
from orders.models.doctrine import (
    Basis,
    Capacity,
    CapacityRequest,
    Doctrine,
    DoctrineGroup,
    GroupCategory,
    Ratio,
)
from orders.models.order import Movement, Order, OrderLine, OrderStep
from orders.models.ordering import OrderingRule, StockWatch
from orders.models.product import Product, Source, Stock
from orders.models.registration import Registration
from orders.models.quota import Quota, QuotaExtra, RegionalPool
from orders.models.photo import Photo
from orders.models.product import Product, Source, Stock
from orders.models.reception import Reception, ReceptionLine
from orders.models.shipment import Parcel, Shipment, ShipmentLine
from orders.models.tension import SupplyDifficulty, Tension

__all__ = [
    "Adjustment",
    "Allocation",
    "Basis",
    "Beneficiary",
    "Capacity",
    "CapacityImport",
    "CapacityRequest",
    "Carrier",
    "Claim",
    "ClaimMessage",
    "DeliveryAddress",
    "Doctrine",
    "DoctrineGroup",
    "GroupCategory",
    "Movement",
    "Order",
    "OrderLine",
    "OrderStep",
    "OrderingRule",
    "Parcel",
    "Photo",
    "Platform",
    "Product",
    "Quota",
    "QuotaExtra",
    "Ratio",
    "Reception",
    "ReceptionLine",
    "RegionFactor",
    "RegionalPool",
    "Registration",
    "ServedRegion",
    "Share",
    "Shipment",
    "ShipmentLine",
    "Source",
    "Stock",
    "StockWatch",
    "SupplyDifficulty",
    "Tension",
]
