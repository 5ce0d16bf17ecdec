"""Questions and answers: `/aide/faq/`."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
