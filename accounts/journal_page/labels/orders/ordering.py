"""What is done in Distrilog-Santé: « Commandes »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Commandes": {},
}
