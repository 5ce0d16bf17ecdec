"""As ``orders.urls.tension``."""

from tests.accounts.route_examples.example import Example, plain

EXAMPLES = {
    "orders:start": Example(plain.args, letters="NRDJPCF"),
}
