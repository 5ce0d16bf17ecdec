"""As ``orders.urls.quotas``."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
