"""Messages to roles and territories: `/messages/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {}
