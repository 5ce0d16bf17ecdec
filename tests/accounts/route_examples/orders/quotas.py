"""As ``orders.urls.quotas``."""

from tests.accounts.route_examples.example import GLOVES, Example, by_number, plain

of_an_item = Example(lambda place: ["gants"])
of_a_kind = Example(lambda place: ["xlsx"])
of_a_pair = Example(lambda place: ["xlsx"], rowless=True)
of_a_verb = Example(lambda place: [0, "calculer"], rowless=True)
of_no_item = Example(lambda place: [], rowless=True, data={"equipement": str(GLOVES)})

EXAMPLES = {
    "orders:quotas": plain,
    "orders:allocations": plain,
    "orders:allocation_new": of_no_item,
    "orders:allocation_compare": plain,
    "orders:allocation_compare_file": of_a_pair,
    "orders:allocation": by_number,
    "orders:allocation_adjust": by_number,
    "orders:allocation_act": of_a_verb,
    "orders:adjustment_removed": by_number,
    "orders:quota_list": plain,
    "orders:quota_file": of_a_kind,
    "orders:quota": by_number,
    "orders:quota_extra": by_number,
    "orders:quota_extra_withdrawn": by_number,
    "orders:own_quota": of_an_item,
}
