"""What is done in Distrilog-Santé: « Contingentement »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Contingentement": {},
}
