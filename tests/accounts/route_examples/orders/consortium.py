"""As ``orders.urls.consortium``."""

from tests.accounts.route_examples.example import Example, by_number, plain

a_file = Example(lambda place: ["csv"], letters="NRDJPCF")
of_a_keeper = Example(plain.args, letters="NF")
of_a_row = Example(by_number.args, rowless=True, letters="NRDJPCF")
for_buyers = Example(plain.args, rowless=True)

EXAMPLES: dict[str, Example] = {
    "orders:consortium": plain,
    "orders:paid_line": by_number,
    "orders:paid_review": for_buyers,
    "orders:paid_sent": by_number,
    "orders:agreement": for_buyers,
    "orders:seller": Example(plain.args, letters="F"),
    "orders:products": of_a_keeper,
    "orders:product_new": of_a_keeper,
    "orders:product_import": of_a_keeper,
    "orders:product_template": of_a_keeper,
    "orders:products_file": a_file,
    "orders:product": of_a_row,
    "orders:product_price": of_a_row,
    "orders:product_stock": of_a_row,
    "orders:invoices": Example(plain.args, letters="NRDJPCF"),
    "orders:invoices_file": a_file,
    "orders:invoices_due": Example(plain.args, letters="F"),
    "orders:billing": of_a_row,
    "orders:invoice": of_a_row,
    "orders:invoice_pdf": of_a_row,
    "orders:invoice_xml": of_a_row,
    "orders:invoice_cancel": of_a_row,
    "orders:invoice_deposit": of_a_row,
}
