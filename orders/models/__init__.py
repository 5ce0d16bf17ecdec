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
from orders.models.invoice import Invoice, InvoiceFile, InvoiceLine, InvoiceSeries
from orders.models.order import Movement, Order, OrderLine, OrderStep
from orders.models.ordering import OrderingRule, StockWatch
from orders.models.product import Product, Source, Stock
from orders.models.registration import Registration
from orders.models.shipment import Parcel, Shipment, ShipmentLine
from orders.models.tension import SupplyDifficulty, Tension

__all__ = [
    "Allocation",
    "Basis",
    "Beneficiary",
    "Billing",
    "Capacity",
    "CapacityRequest",
    "DeliveryAddress",
    "Deposit",
    "DepositStep",
    "Doctrine",
    "DoctrineGroup",
    "GroupCategory",
    "Invoice",
    "InvoiceFile",
    "InvoiceLine",
    "InvoiceSeries",
    "Movement",
    "Order",
    "OrderLine",
    "OrderStep",
    "OrderingRule",
    "Parcel",
    "Platform",
    "Product",
    "ProductPrice",
    "Quota",
    "QuotaExtra",
    "Ratio",
    "Recipient",
    "RegionFactor",
    "RegionalPool",
    "Registration",
    "Seller",
    "ServedRegion",
    "Share",
    "Shipment",
    "ShipmentLine",
    "Source",
    "Stock",
    "StockWatch",
    "SupplyAgreement",
    "SupplyDifficulty",
    "Tension",
]
