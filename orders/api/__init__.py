"""What the systems of the warehouses read and send, with a token of their operator."""

from orders.api import files, reports

ROUTERS = (files.router, reports.router)
