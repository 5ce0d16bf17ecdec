"""As ``orders.urls.doctrine``."""

from tests.accounts.route_examples.example import Example, by_number, plain

EXAMPLES: dict[str, Example] = {
    "orders:doctrines": plain,
    "orders:doctrine_copy": plain,
    "orders:doctrine_compare": plain,
    "orders:doctrine": by_number,
    "orders:doctrine_edit": by_number,
    "orders:doctrine_delete": by_number,
}
