"""Invoices: what they add up to, what is written on them, their PDF and its data."""
