"""Dashboards of orders for the ARS and the country, each figure with its formula."""
