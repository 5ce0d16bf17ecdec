"""The sheet of a pharmacy: what a supplier needs to deliver, and what is still missing of it."""

from dataclasses import dataclass

from django.db.models import Q

from pui.addresses import has_address, is_address_of
from pui.models import Pui

INCOMPLETE = (
    Q(address="")
    | Q(town="")
    | Q(delivery_terms="", access="")
    | Q(opening_hours="")
    | Q(contact_phone="", contact_email="")
)  # in the database, what ``missing_of`` says of a row


@dataclass(frozen=True, slots=True)
class Missing:
    """What the sheet does not say yet, and the field of the form that says it."""

    label: str
    field: str


def missing_of(pui: Pui) -> list[Missing]:
    """In the order of the form: the address, how to deliver, when, and whom to call."""
    checks = (
        (pui.address and pui.town, "l’adresse de livraison", "address"),
        (pui.delivery_terms or pui.access, "les modalités de livraison", "delivery_terms"),
        (pui.opening_hours, "les horaires de réception", "opening_hours"),
        (pui.contact_phone or pui.contact_email, "un contact à joindre", "contact_phone"),
    )
    return [Missing(label, field) for held, label, field in checks if not held]


def missing_text(pui: Pui) -> str:
    """« l’adresse de livraison, les horaires de réception »; empty when the sheet is whole."""
    return ", ".join(one.label for one in missing_of(pui))


def address_note(pui: Pui) -> str:
    """How the delivery address stands beside that of the site; ``establishment`` is read."""
    if not pui.address:
        return ""
    if not has_address(pui.establishment):
        return "FINESS ne donne pas d’adresse pour ce site\u00a0: rien à quoi la comparer."
    typed = {"address": pui.address, "postal_code": pui.postal_code, "town": pui.town}
    if is_address_of(pui.establishment, **typed):
        return "Celle du site dans FINESS."
    reason = pui.address_reason or "sans raison donnée"
    return f"Ce n’est pas celle du site dans FINESS\u00a0: {reason}."
