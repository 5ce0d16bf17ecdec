"""How to build the arguments of each address, so that the access test can open it.

One entry for each name of the resolver: a new address without an entry fails the test. ``plain``
has no argument; an address about a place uses ``Example(lambda place: [...], placed=True)``: the
test opens it for places inside and outside the perimeter, and for one that does not exist.
"""

from tests.accounts.route_examples import (
    accounts,
    administration,
    equipment,
    orders,
    pharmacies,
    steering,
    support,
    vaccines,
)
from tests.accounts.route_examples.example import NOBODY, Example, Place

__all__ = ["EXAMPLES", "NOBODY", "OWN_GATES", "Example", "Place"]

# these ask for their actions by themselves, each in its own way: everybody is played against them
OWN_GATES = {
    "epi_stocks:inventory_cells",
    "plage:token_revoke",
    "plage:tokens",
    "pui:grid_cells",
}
EXAMPLES = {
    **accounts.EXAMPLES,
    **administration.EXAMPLES,
    **pharmacies.EXAMPLES,
    **vaccines.EXAMPLES,
    **equipment.EXAMPLES,
    **orders.EXAMPLES,
    **steering.EXAMPLES,
    **support.EXAMPLES,
}
