"""What is done in Distrilog-Santé: « Consortium et factures »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Consortium et factures": {},
}
