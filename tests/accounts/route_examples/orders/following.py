"""As ``orders.urls.following``."""

from tests.accounts.route_examples.example import Example, by_number, plain

EXAMPLES: dict[str, Example] = {
    "orders:orders": Example(plain.args, letters="NRPCF"),
    "orders:orders_file": Example(lambda place: ["csv"], letters="NRPCF"),
    "orders:order": Example(by_number.args, rowless=True, letters="NRPCF"),
    "orders:order_slip": Example(by_number.args, rowless=True, letters="NRPCF"),
    "orders:reception": Example(by_number.args, rowless=True, letters="RC"),
    "orders:reception_correct": Example(by_number.args, rowless=True, letters="RC"),
    "orders:claim_new": Example(by_number.args, rowless=True, letters="RC"),
    "orders:photo": Example(by_number.args, rowless=True, letters="NRPCF"),
    "orders:claims": Example(plain.args, letters="NRPCF"),
    "orders:claim": Example(by_number.args, rowless=True, letters="NRPCF"),
    "orders:claim_close": Example(by_number.args, rowless=True, letters="RC"),
    "orders:carriers": plain,
}
