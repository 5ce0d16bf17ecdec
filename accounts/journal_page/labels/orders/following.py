"""What is done in Distrilog-Santé: « Réceptions et dépannages »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Réceptions et dépannages": {},
}
