"""Orders from the State stock: who, what, how much, and what became of it."""

from orders.models.address import DeliveryAddress
from orders.models.allocation import Adjustment, Allocation, RegionFactor, Share
from orders.models.beneficiary import Beneficiary, Platform, ServedRegion
from orders.models.capacity_import import CapacityImport
from orders.models.carrier import Carrier
from orders.models.claim import Claim, ClaimMessage
from orders.models.consortium import Billing, ProductPrice, Seller, SupplyAgreement
from orders.models.deposit import Deposit, DepositStep, Recipient
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
from orders.models.invoice import Invoice, InvoiceFile, InvoiceLine, InvoiceSeries
from orders.models.movement import Movement
from orders.models.order import Order
from orders.models.order_line import OrderLine
from orders.models.order_step import OrderStep
from orders.models.ordering import OrderingRule, StockWatch
from orders.models.photo import Photo
from orders.models.product import Product, Source, Stock
from orders.models.quota import Quota, QuotaExtra, RegionalPool
from orders.models.reception import Reception, ReceptionLine
from orders.models.registration import Registration
from orders.models.relief import ReliefRequest, ReliefStep
from orders.models.replenishment import Replenishment
from orders.models.reroute import Reroute
from orders.models.shipment import Parcel, Shipment, ShipmentLine
from orders.models.summary import OrderSummary, QuotaSummary, SummarisedOrders
from orders.models.tension import SupplyDifficulty, Tension

__all__ = [
    "Adjustment",
    "Allocation",
    "Basis",
    "Beneficiary",
    "Billing",
    "Capacity",
    "CapacityImport",
    "CapacityRequest",
    "Carrier",
    "Claim",
    "ClaimMessage",
    "DeliveryAddress",
    "Deposit",
    "DepositStep",
    "Doctrine",
    "DoctrineGroup",
    "FiledOrder",
    "GroupCategory",
    "Invoice",
    "InvoiceFile",
    "InvoiceLine",
    "InvoiceSeries",
    "LogisticsReport",
    "Movement",
    "Order",
    "OrderFile",
    "OrderLine",
    "OrderStep",
    "OrderSummary",
    "OrderingRule",
    "Parcel",
    "Photo",
    "Platform",
    "Product",
    "ProductPrice",
    "Quota",
    "QuotaExtra",
    "QuotaSummary",
    "Ratio",
    "Reception",
    "ReceptionLine",
    "Recipient",
    "RegionFactor",
    "RegionalPool",
    "Registration",
    "ReliefRequest",
    "ReliefStep",
    "Replenishment",
    "Reroute",
    "Seller",
    "ServedRegion",
    "Share",
    "Shipment",
    "ShipmentLine",
    "Source",
    "Stock",
    "StockWatch",
    "SummarisedOrders",
    "SupplyAgreement",
    "SupplyDifficulty",
    "Tension",
]
