"""Questions and answers: `/aide/faq/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {}
