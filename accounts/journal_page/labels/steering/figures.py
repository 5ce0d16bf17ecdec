"""What anybody may read: `/donnees/` and `/stats/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {}
