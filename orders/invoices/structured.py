"""The data of an invoice in the European standard (EN 16931), as Factur-X carries them."""

from decimal import Decimal
from typing import Any, Final

import facturx

from orders.invoices.content import Content
from orders.models import Invoice, InvoiceLine

PROFILE: Final = "en16931"
INVOICE, CREDIT_NOTE = "380", "381"
TRANSFER: Final = "30"
PACKAGE: Final = "XPK"  # UN/ECE Rec 21: a package, whatever its name
SIREN, SIRET = "0002", "0009"
STANDARD_TAX, NO_TAX = "S", "Z"
GOODS: Final = "B1"  # the buyer is billed for goods


def xml_of(content: Content) -> bytes:
    """The XML of an invoice, checked against the schema of its profile."""
    made: bytes = facturx.generate_xml(data_of(content), level=PROFILE, check_schematron=False)
    return made


def data_of(content: Content) -> dict[str, Any]:
    """By the codes of the standard: BT is a term, BG a group of them."""
    invoice, totals = content.invoice, content.totals
    seller, buyer = invoice.seller, invoice.billed_to
    return {
        "BT-1": invoice.number,
        "BT-2": invoice.issued_on,
        "BT-3": CREDIT_NOTE if invoice.is_credit else INVOICE,
        "BT-5": "EUR",
        "BT-9": invoice.due_on,
        "BT-10": buyer["service_code"] or buyer["reference"],
        "BT-13": buyer["engagement"] or ", ".join(content.orders),
        "BT-20": content.terms,
        "BT-23": GOODS,
        "BT-72": invoice.delivered_on,
        "BT-81": TRANSFER,
        "BT-84": seller["iban"],
        "BT-86": seller["bic"],
        "BG-1": [{"BT-21": code, "BT-22": text} for code, text in content.mentions],
        "BG-3": _cancelled(content.cancelled),
        "BG-4": _party(seller) | {"vat_identifier": seller["vat_number"]},
        "BG-7": _party(buyer),
        "BG-23": [
            {
                "BT-116": str(one.base),
                "BT-117": str(one.tax),
                "BT-118": _category(one.rate),
                "BT-119": str(one.rate),
            }
            for one in totals.bands
        ],
        "BG-25": [_line(one) for one in content.lines],
        "BT-106": str(totals.net),
        "BT-109": str(totals.net),
        "BT-110": str(totals.tax),
        "BT-112": str(totals.gross),
        "BT-115": str(totals.gross),
    }


def _cancelled(invoice: Invoice | None) -> list[dict[str, Any]]:
    if invoice is None:
        return []
    return [{"BT-25": invoice.number, "BT-26": invoice.issued_on}]


def _party(told: dict[str, Any]) -> dict[str, Any]:
    siret = told["siret"]
    return {
        "name": told["name"],
        "identifiers": {SIRET: siret},
        "legal_identifier": siret[:9],
        "legal_identifier_schemeid": SIREN,
        "addr_l1": told["lines"],
        "postcode": told["postal_code"],
        "city": told["town"],
        "country_code": "FR",
    }


def _category(rate: Decimal) -> str:
    return STANDARD_TAX if rate else NO_TAX


def _line(line: InvoiceLine) -> dict[str, Any]:
    return {
        "BT-126": str(line.rank),
        "BT-129": str(line.packs),
        "BT-130": PACKAGE,
        "BT-131": str(line.net),
        "BT-146": str(line.price),
        "BT-151": _category(line.tax_rate),
        "BT-152": str(line.tax_rate),
        "BT-153": line.label,
        "BT-154": f"{line.packing}, commande {line.order.number}",
        "BT-155": line.code,
    }
