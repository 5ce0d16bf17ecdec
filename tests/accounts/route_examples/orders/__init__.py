"""Distrilog-Santé, by subject."""

from tests.accounts.route_examples.orders import (
    addresses,
    catalogue,
    consortium,
    dashboards,
    following,
    logistics,
    quotas,
    relief,
    tension,
)

EXAMPLES = {
    **tension.EXAMPLES,
    **quotas.EXAMPLES,
    **catalogue.EXAMPLES,
    **addresses.EXAMPLES,
    **following.EXAMPLES,
    **relief.EXAMPLES,
    **logistics.EXAMPLES,
    **consortium.EXAMPLES,
    **dashboards.EXAMPLES,
}
