"""Alert rules and alerts: `/alertes/`."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
