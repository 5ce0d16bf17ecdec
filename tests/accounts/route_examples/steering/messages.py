"""Messages to roles and territories: `/messages/`."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
