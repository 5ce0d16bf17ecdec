"""The registry of indicators: `/indicateurs/`."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
