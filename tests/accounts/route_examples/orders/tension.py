"""As ``orders.urls.tension``."""

from tests.accounts.route_examples.example import plain

EXAMPLES = {
    "orders:start": plain,
}
