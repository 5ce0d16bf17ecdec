"""What anybody may read: `/donnees/` and `/stats/`."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
