"""The situation of a region or of the country, its weekly bulletin: `/situation/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {}
