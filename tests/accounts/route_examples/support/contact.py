"""Requests for assistance: `/aide/contact/`."""

from tests.accounts.route_examples.example import Example

EXAMPLES: dict[str, Example] = {}
