"""What an invoice says, whole, before it is drawn: the page, the PDF and the XML read the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from orders.consortium.tariffs import Totals, totals_of
from orders.models import Billing, Invoice, InvoiceLine, Seller

FIXED_FEE: Final = "40 €"
CARRIED: Final = ("name", "siret", "lines", "postal_code", "town")


@dataclass(frozen=True, slots=True)
class Content:
    """An invoice with its lines; both may not be written yet."""

    invoice: Invoice
    lines: Sequence[InvoiceLine]

    @property
    def totals(self) -> Totals:
        return totals_of((one.net, one.tax_rate) for one in self.lines)

    @property
    def title(self) -> str:
        return "Avoir" if self.invoice.is_credit else "Facture"

    @property
    def orders(self) -> list[str]:
        """The numbers of the orders, each once, in the order of the lines."""
        return list(dict.fromkeys(one.order.number for one in self.lines))

    @property
    def deliveries(self) -> list[dict[str, str]]:
        """Where what is billed was delivered, each address once."""
        found: list[dict[str, str]] = []
        for one in self.lines:
            if one.order.delivery and one.order.delivery not in found:
                found.append(one.order.delivery)
        return found

    @property
    def delivered_to(self) -> list[str]:
        return [
            f"{one['label']}, {one['lines']}, {one['postal_code']} {one['town']}"
            for one in self.deliveries
        ]

    @property
    def mentions(self) -> list[tuple[str, str]]:
        """What the law asks for (code de commerce, art. L441-9), under its code of EN 16931."""
        seller, corrected = self.invoice.seller, self.invoice.corrected
        if corrected is not None:
            done = "annule entièrement" if self.invoice.cancels else "diminue"
            text = (
                f"Cet avoir {done} la facture {corrected.number} du "
                f"{corrected.issued_on:%d/%m/%Y}. Motif\u00a0: {self.invoice.reason}"
            )
            return [("AAI", text)]
        rate = percent(Decimal(seller["penalty_rate"]))
        return [
            ("PMD", f"Pénalités de retard\u00a0: {rate} par an, dès le lendemain de l’échéance."),
            ("PMT", f"Indemnité forfaitaire pour frais de recouvrement\u00a0: {FIXED_FEE}."),
            ("AAB", "Pas d’escompte pour paiement anticipé."),
            ("AAI", "Livraison de biens."),
        ]

    @property
    def terms(self) -> str:
        if self.invoice.is_credit:
            return "À déduire ou à rembourser."
        days = self.invoice.seller["payment_days"]
        return f"À {days} jours, avant le {self.invoice.due_on:%d/%m/%Y}, par virement."


def seller_of(seller: Seller) -> dict[str, Any]:
    """The supplier as its invoices carry it."""
    names = (*CARRIED, "legal_form", "vat_number", "register", "iban", "bic", "email")
    told: dict[str, Any] = {name: getattr(seller, name) for name in names}
    days, rate = seller.payment_days, str(seller.penalty_rate)
    return told | {"payment_days": days, "penalty_rate": rate}


def billed_to(billing: Billing) -> dict[str, str]:
    """The buyer as its invoices carry it."""
    names = (*CARRIED, "email", "service_code", "engagement", "reference")
    return {name: getattr(billing, name) for name in names}


def percent(rate: Decimal) -> str:
    """« 5,5 % »."""
    text = f"{rate.normalize():f}".replace(".", ",")
    return f"{text}\u00a0%"


def euros(amount: Decimal) -> str:
    """« 1 234,50 € », with the no-break spaces that every font has."""
    return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",") + "\u00a0€"
