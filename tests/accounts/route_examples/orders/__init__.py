"""Distrilog-Santé, by subject."""

from tests.accounts.route_examples.orders import (
    addresses,
    capacities,
    catalogue,
    consortium,
    dashboards,
    doctrine,
    following,
    logistics,
    quotas,
    relief,
    tension,
)

EXAMPLES = {
    **tension.EXAMPLES,
    **quotas.EXAMPLES,
    **doctrine.EXAMPLES,
    **capacities.EXAMPLES,
    **catalogue.EXAMPLES,
    **addresses.EXAMPLES,
    **following.EXAMPLES,
    **relief.EXAMPLES,
    **logistics.EXAMPLES,
    **consortium.EXAMPLES,
    **dashboards.EXAMPLES,
}
