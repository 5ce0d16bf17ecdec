"""As ``orders.urls.dashboards``."""

from tests.accounts.route_examples.example import Example, plain

EXAMPLES: dict[str, Example] = {
    "orders:dashboard": plain,
    "orders:dashboard_file": Example(lambda place: ["etats", "csv"]),
    "orders:state_stock": Example(lambda place: [], letters="NF"),
    "orders:state_stock_file": Example(lambda place: ["csv"], letters="NF"),
}
