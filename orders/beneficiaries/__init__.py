"""The list of who orders: filters, table, regions served."""
