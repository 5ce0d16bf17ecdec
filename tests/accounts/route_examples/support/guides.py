"""Guides by role: `/aide/guides/`."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
