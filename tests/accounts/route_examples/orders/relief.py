"""As ``orders.urls.relief``."""

from tests.accounts.route_examples.example import Example, by_number, plain

EXAMPLES: dict[str, Example] = {
    "orders:relief": plain,
    "orders:relief_new": Example(lambda place: [], refuses=True),
    "orders:relief_file": Example(lambda place: ["csv"]),
    "orders:relief_request": by_number,
    "orders:relief_order": by_number,
}
