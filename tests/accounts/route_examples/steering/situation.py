"""The situation of a region or of the country, its weekly bulletin: `/situation/`."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
