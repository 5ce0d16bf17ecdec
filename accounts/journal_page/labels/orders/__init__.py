"""What is done in Distrilog-Santé, by subject."""

from accounts.journal_page.labels.label import Label
from accounts.journal_page.labels.orders import (
    consortium,
    doctrine,
    following,
    logistics,
    ordering,
    quotas,
    relief,
    tension,
)

FAMILIES: dict[str, dict[str, Label]] = {
    **tension.FAMILIES,
    **quotas.FAMILIES,
    **doctrine.FAMILIES,
    **ordering.FAMILIES,
    **following.FAMILIES,
    **relief.FAMILIES,
    **logistics.FAMILIES,
    **consortium.FAMILIES,
}
