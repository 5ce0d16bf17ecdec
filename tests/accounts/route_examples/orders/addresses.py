"""As ``orders.urls.addresses``."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
