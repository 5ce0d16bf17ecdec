"""As ``orders.urls.capacities``."""

from establishments.perimeter import Action
from tests.accounts.route_examples.example import Example, by_finess, by_number, plain

EXAMPLES: dict[str, Example] = {
    "orders:capacities": plain,
    "orders:capacities_export": Example(lambda place: ["csv"]),
    "orders:capacity": Example(by_finess.args, placed=True, acts=Action.CAP_PROPOSE),
    "orders:capacity_requests": plain,
    "orders:capacity_decide": plain,
    "orders:capacity_withdraw": by_number,
    "orders:capacity_file": plain,
    "orders:capacity_template": plain,
    "orders:capacity_errors": plain,
    "orders:capacity_import": by_number,
    "orders:capacity_import_confirm": by_number,
    "orders:capacity_import_cancel": by_number,
    "orders:capacity_import_restart": by_number,
}
