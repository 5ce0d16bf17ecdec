"""As ``orders.urls.logistics`` and ``orders.api``."""

from tests.accounts.route_examples.example import Example, by_number, plain

WIDE = "NF"

EXAMPLES: dict[str, Example] = {
    "orders:order_files": Example(plain.args, letters=WIDE),
    "orders:order_file": Example(by_number.args, rowless=True, letters=WIDE),
    "orders:order_file_acknowledge": Example(by_number.args, rowless=True, letters="F"),
    "orders:order_file_replay": by_number,
    "orders:order_file_content": Example(lambda place: [0, "csv"], rowless=True, letters="F"),
    "orders:reports": Example(plain.args, letters=WIDE),
    "orders:reports_file": Example(plain.args, letters="F"),
    "orders:reports_template": Example(plain.args, letters="F"),
    "orders:report": Example(by_number.args, rowless=True, letters=WIDE),
    "orders:routing": plain,
    "orders:reroute_new": plain,
    "orders:reroute": by_number,
    "orders:platform_new": plain,
    "orders:platform": by_number,
    "orders:large": plain,
    "orders:large_import": plain,
    "orders:large_file": plain,
    "orders:large_template": plain,
    "orders:refused_lines": plain,
    "orders:pushed": plain,
    "orders:pushed_template": plain,
    "orders:replenishments": Example(plain.args, letters=WIDE, refuses=True),
    "orders:replenishment": Example(lambda place: [0, "ship"], rowless=True, letters=WIDE),
    # machines
    "api:logistics_files": plain,
    "api:logistics_files_schema": plain,
    "api:logistics_file": Example(lambda place: [1, "json"]),
    "api:logistics_file_acknowledge": Example(lambda place: [1]),
    "api:logistics_report": plain,
    "api:logistics_reports_batch": plain,
    "api:logistics_reports": plain,
    "api:logistics_reports_schema": plain,
}
