"""Exchanges with the warehouses: order files, reports, routing, replenishment."""
