"""The indicators of orders, as the registry explains them."""

from orders.registry.logistics import LOGISTICS
from orders.registry.quotas import QUOTAS

INDICATORS = (*QUOTAS, *LOGISTICS)
