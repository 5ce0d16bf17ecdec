"""What is done in Distrilog-Santé: « Logistique »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Logistique": {},
}
