"""What is steered: messages, alerts, situations, indicators."""

from accounts.journal_page.labels.steering import (
    alerts,
    figures,
    indicators,
    messages,
    situation,
)

FAMILIES = {
    **messages.FAMILIES,
    **alerts.FAMILIES,
    **situation.FAMILIES,
    **indicators.FAMILIES,
    **figures.FAMILIES,
}
