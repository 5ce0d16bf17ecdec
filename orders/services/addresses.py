"""Free delivery addresses: proposed by one person, validated by another, retired."""

from orders.services.finess_addresses import finess_address

__all__ = ["finess_address"]
