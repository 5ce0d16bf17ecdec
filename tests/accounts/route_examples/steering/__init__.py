"""The addresses of what is steered, by subject."""

from tests.accounts.route_examples.steering import (
    alerts,
    figures,
    indicators,
    messages,
    situation,
)

EXAMPLES = {
    **messages.EXAMPLES,
    **alerts.EXAMPLES,
    **situation.EXAMPLES,
    **indicators.EXAMPLES,
    **figures.EXAMPLES,
}
