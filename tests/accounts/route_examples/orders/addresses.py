"""As ``orders.urls.addresses``."""

from establishments.perimeter import Action
from tests.accounts.route_examples.example import Example, by_number, plain

EXAMPLES: dict[str, Example] = {
    "orders:addresses": plain,
    "orders:address_new": Example(lambda place: [], acts=Action.ADDR_PROPOSE, refuses=True),
    "orders:address": by_number,
}
