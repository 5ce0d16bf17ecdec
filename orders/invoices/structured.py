"""The data of an invoice in the European standard (EN 16931), as Factur-X carries them."""

from typing import Any, Final

import facturx

from orders.invoices.content import Content
from orders.models import Invoice, InvoiceLine

PROFILE: Final = "en16931"
INVOICE, CREDIT_NOTE = "380", "381"
TRANSFER: Final = "30"
PACKAGE: Final = "XPK"  # UN/ECE Rec 21: a package, whatever its name
SIREN, SIRET = "0002", "0009"
TAXED: Final = "S"
PLAIN, GOODS = "A1", "B1"  # « cadre de facturation »: of Chorus Pro, of the others


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
        "BT-14": ", ".join(content.orders),
        "BT-20": content.terms,
        "BT-72": invoice.delivered_on,
        "BT-81": TRANSFER,
        "BT-84": seller["iban"],
        "BT-86": seller["bic"],
        "BG-1": [{"BT-21": code, "BT-22": text} for code, text in content.mentions],
        "BG-3": _corrected(invoice.corrected),
        "BG-4": _party(seller, invoice) | {"vat_identifier": seller["vat_number"]},
        "BG-7": _party(buyer, invoice),
        "BG-13": _delivery(content),
        "BG-23": [
            {
                "BT-116": str(one.base),
                "BT-117": str(one.tax),
                "BT-118": TAXED,
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
    } | _buyer_words(invoice)


def _buyer_words(invoice: Invoice) -> dict[str, str]:
    """What the buyer asks to read. Chorus Pro knows the service (BT-10) and the engagement (BT-13)
    it is given: nothing else may stand there."""
    told = invoice.billed_to
    if invoice.is_public:
        return {"BT-10": told["service_code"], "BT-13": told["engagement"], "BT-23": PLAIN}
    return {"BT-10": told["reference"], "BT-23": GOODS}


def _corrected(invoice: Invoice | None) -> list[dict[str, Any]]:
    if invoice is None:
        return []
    return [{"BT-25": invoice.number, "BT-26": invoice.issued_on}]


def _party(told: dict[str, Any], invoice: Invoice) -> dict[str, Any]:
    """A public buyer and its supplier are told by their SIRET, as Chorus Pro wants (BT-30, BT-47);
    the others by their SIREN."""
    siret = told["siret"]
    return {
        "name": told["name"],
        "identifiers": {SIRET: siret},
        "legal_identifier": siret if invoice.is_public else siret[:9],
        "legal_identifier_schemeid": SIREN,
        **_address(told),
    }


def _address(told: dict[str, Any]) -> dict[str, str]:
    return {
        "addr_l1": told["lines"],
        "postcode": told["postal_code"],
        "city": told["town"],
        "country_code": "FR",
    }


def _delivery(content: Content) -> dict[str, str]:
    """Where it was delivered; the standard holds one address."""
    if len(content.deliveries) != 1:
        return {}
    (told,) = content.deliveries
    return {"name": told["label"], **_address(told)}


def _line(line: InvoiceLine) -> dict[str, Any]:
    return {
        "BT-126": str(line.rank),
        "BT-129": str(line.packs),
        "BT-130": PACKAGE,
        "BT-131": str(line.net),
        "BT-146": str(line.price),
        "BT-151": TAXED,
        "BT-152": str(line.tax_rate),
        "BT-153": line.label,
        "BT-154": f"{line.packing}, commande {line.order.number}",
        "BT-155": line.code,
    }
