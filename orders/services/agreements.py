"""When the consortium may sell on the portal, and who it is on its invoices."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from journal.services import record
from orders.consortium.reach import CONSORTIUM, seller_body
from orders.models import Seller, SupplyAgreement
from orders.services.errors import OrderingError


class AgreementChangedError(OrderingError):
    """Somebody wrote since the form was shown."""


def agreement_on(day: date) -> SupplyAgreement | None:
    """The one in force: without it nothing paid can be ordered [004]."""
    rows = SupplyAgreement.objects.in_force(day).select_related("body")
    found: SupplyAgreement | None = rows.order_by("starts_on").first()
    return found


def mark_of(agreement: SupplyAgreement) -> str:
    return f"{agreement.starts_on}|{agreement.ends_on or ''}"


@transaction.atomic
def set_agreement(
    *,
    by: User,
    body: AdministrativeBody,
    starts_on: date,
    ends_on: date | None,
    agreement: SupplyAgreement | None = None,
    seen: str = "",
) -> SupplyAgreement:
    """Write an agreement, or other dates for one; ``seen``: its mark when it was shown."""
    if not by.may(Action.QUOTA_WRITE):
        raise OrderingError("Seule la cellule nationale écrit les conventions.")
    if body.kind != CONSORTIUM:
        raise OrderingError("Une convention se conclut avec un consortium.")
    row = SupplyAgreement(body=body)
    before: dict[str, Any] = {}
    if agreement is not None:
        row = SupplyAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        if mark_of(row) != seen:
            raise AgreementChangedError(
                f"Quelqu’un vient de changer ces dates\u00a0: {dates_in_words(row)}. Relisez, puis "
                "enregistrez de nouveau."
            )
        before = _told(row)
    row.starts_on, row.ends_on = starts_on, ends_on
    if before == _told(row):
        return row
    _check(row)
    row.save()
    record("orders.agreement_set", by=by, target=body, before=before, after=_told(row))
    return row


def _check(row: SupplyAgreement) -> None:
    if row.ends_on is not None and row.ends_on < row.starts_on:
        raise OrderingError("La convention finit avant de commencer.")
    try:
        row.validate_constraints()
    except ValidationError as refusal:
        raise OrderingError(" ".join(refusal.messages)) from refusal


def _told(row: SupplyAgreement) -> dict[str, str | None]:
    ends = row.ends_on.isoformat() if row.ends_on else None
    return {"starts_on": row.starts_on.isoformat(), "ends_on": ends}


def dates_in_words(row: SupplyAgreement) -> str:
    if row.ends_on is None:
        return f"à partir du {row.starts_on:%d/%m/%Y}, sans fin"
    return f"du {row.starts_on:%d/%m/%Y} au {row.ends_on:%d/%m/%Y}"


def closed_in_words(day: date | None = None) -> str:
    """Why nothing paid is offered on a day; empty when an agreement is in force."""
    day = day or timezone.localdate()
    if agreement_on(day):
        return ""
    coming = SupplyAgreement.objects.filter(starts_on__gt=day).order_by("starts_on").first()
    if coming:
        return f"Le consortium vendra ses produits ici {dates_in_words(coming)}."
    last = SupplyAgreement.objects.filter(ends_on__lt=day).order_by("-ends_on").first()
    if last:
        return (
            f"La convention avec le consortium a pris fin le {last.ends_on:%d/%m/%Y}\u00a0: "
            "achetez chez vos fournisseurs habituels."
        )
    return "Aucun produit payant n’est vendu ici\u00a0: achetez chez vos fournisseurs habituels."


@dataclass(frozen=True, slots=True)
class Identity:
    """What the law wants to read of a supplier on its invoices."""

    name: str
    legal_form: str
    siret: str
    vat_number: str
    register: str
    lines: str
    postal_code: str
    town: str
    iban: str
    bic: str
    email: str
    payment_days: int
    penalty_rate: Decimal

    @classmethod
    def of(cls, seller: Seller) -> "Identity":
        return cls(**{name: getattr(seller, name) for name in cls.__slots__})

    def told(self) -> dict[str, str | int]:
        return asdict(self) | {"penalty_rate": str(self.penalty_rate)}

    @property
    def mark(self) -> str:
        return "|".join(str(value) for value in self.told().values())


@transaction.atomic
def set_seller(*, by: User, identity: Identity, seen: str = "") -> Seller:
    """Say who issues the invoices; those already issued keep what they said."""
    body = seller_body(by)
    if body is None:
        raise OrderingError("Le profil que vous utilisez n’émet pas de factures.")
    AdministrativeBody.objects.select_for_update(of=("self",), no_key=True).get(pk=body.pk)
    row: Seller | None = Seller.objects.filter(body=body).first()
    before = Identity.of(row) if row else None
    if (before.mark if before else "") != seen:
        raise AgreementChangedError(
            "Quelqu’un vient de changer cette identité. Relisez, puis enregistrez de nouveau."
        )
    if row is not None and before == identity:
        return row
    row = row or Seller(body=body)
    for name in Identity.__slots__:
        setattr(row, name, getattr(identity, name))
    row.save()
    told = before.told() if before else {}
    record("orders.seller_set", by=by, target=body, before=told, after=identity.told())
    return row
