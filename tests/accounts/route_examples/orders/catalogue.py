"""As ``orders.urls.catalogue``."""

from tests.accounts.route_examples.example import Example, by_number, plain

EXAMPLES: dict[str, Example] = {
    "orders:catalogue": Example(plain.args, refuses=True),
    "orders:watch_product": Example(plain.args, rowless=True, refuses=True),
    "orders:basket": Example(plain.args, refuses=True),
    "orders:order_sent": Example(by_number.args, rowless=True, letters="NRDJPCF"),
    "orders:order_change": by_number,
    "orders:order_cancel": by_number,
    "orders:order_stop": by_number,
    "orders:order_again": by_number,
    "orders:ordering_rules": plain,
}
