"""The forum Agora: `/aide/agora/`."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
