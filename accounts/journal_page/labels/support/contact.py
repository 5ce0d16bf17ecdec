"""Requests for assistance: `/aide/contact/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {}
