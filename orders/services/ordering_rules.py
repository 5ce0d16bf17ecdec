"""The hours and delays of orders, from a day on: data of the national cell, not code."""

from django.db import transaction

from accounts.models import User
from journal.services import record
from orders.models import OrderingRule


@transaction.atomic
def set_rule(*, by: User, rule: OrderingRule) -> OrderingRule:
    """Write the rule of a day, in place of the one that began the same day."""
    values = {"editable_until": rule.editable_until, "preparation_days": rule.preparation_days}
    found: OrderingRule
    found, _ = OrderingRule.objects.update_or_create(starts_on=rule.starts_on, defaults=values)
    record(
        "orders.ordering_rule_set",
        by=by,
        target=found,
        until=f"{rule.editable_until:%H:%M}",
        days=rule.preparation_days,
    )
    return found
