"""The addresses of help, by subject."""

from tests.accounts.route_examples.support import (
    contact,
    forum,
    guides,
    questions,
)

EXAMPLES = {
    **guides.EXAMPLES,
    **questions.EXAMPLES,
    **forum.EXAMPLES,
    **contact.EXAMPLES,
}
