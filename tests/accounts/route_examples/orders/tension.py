"""As ``orders.urls.tension``."""

from tests.accounts.route_examples.example import Example, by_number, of_no_region, plain

as_csv = Example(lambda place: ["csv"])

EXAMPLES = {
    "orders:start": Example(plain.args, letters="NRDJPCF"),
    "orders:questions": plain,
    "orders:registration": plain,
    "orders:watch": plain,
    "orders:watch_file": as_csv,
    "orders:watched_item": by_number,
    "orders:tensions": plain,
    "orders:tension_declare": plain,
    "orders:tension_end": by_number,
    "orders:tension_cancel": by_number,
    "orders:difficulties": plain,
    "orders:difficulties_file": as_csv,
    "orders:difficulty_new": plain,
    "orders:difficulty_close": by_number,
    "orders:beneficiaries": plain,
    "orders:beneficiaries_file": as_csv,
    "orders:beneficiaries_refresh": plain,
    "orders:served_regions": plain,
    "orders:region": of_no_region,
}
