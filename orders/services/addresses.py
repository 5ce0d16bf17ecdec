"""Free delivery addresses: proposed by one person, validated or refused by another, retired."""

import hashlib
import re
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from establishments.models.search import plain_words
from journal.services import record
from orders.addresses.letters import tell_decided, tell_proposed, tell_retired
from orders.addresses.rights import Holder, may_decide, may_propose, may_retire
from orders.models import Beneficiary, DeliveryAddress
from orders.services.errors import OrderingError
from orders.services.finess_addresses import finess_address, finess_addresses

__all__ = [
    "AddressChangedError",
    "AddressError",
    "ProposedAddress",
    "Terms",
    "finess_address",
    "finess_addresses",
    "propose",
    "refuse",
    "retire",
    "set_terms",
    "validate",
]
State = DeliveryAddress.State
POSTAL_CODE = re.compile(r"[0-9]{5}")
SHORTEST_REASON = 5


class AddressError(OrderingError):
    """Nothing was written. The message is for the person, in French."""


class AddressChangedError(AddressError):
    """Somebody decided, or wrote, since the page was shown; ``row`` is what counts now."""

    def __init__(self, message: str, row: DeliveryAddress) -> None:
        super().__init__(message)
        self.row = row


@dataclass(frozen=True, slots=True)
class Terms:
    """When and how one delivers there, and whom to call."""

    terms: str = ""
    contact_name: str = ""
    contact_phone: str = ""

    @property
    def version(self) -> str:
        """What a form carries, to know whether somebody wrote since it was shown."""
        told = repr((self.terms, self.contact_name, self.contact_phone))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ProposedAddress:
    """What is typed of a free address; ``reason`` is for who decides."""

    label: str
    lines: str
    postal_code: str
    town: str
    reason: str
    terms: Terms = Terms()

    @property
    def key(self) -> str:
        """Two ways of writing one address have the same: accents, case, commas do not count."""
        return f"{' '.join(plain_words(self.lines))} {self.postal_code}"[:300]


@transaction.atomic
def propose(*, by: User, holder: Holder, wanted: ProposedAddress) -> DeliveryAddress:
    """Propose a free address; who may decide is told. Sent twice by one person, it is one.

    Raise ``AddressError``.
    """
    if not may_propose(by, holder):
        raise AddressError(f"Votre profil ne propose pas d’adresse pour {holder}.")
    _require_whole(wanted)
    if same := _live_twin(holder, wanted):
        return _again(same, by)
    row = DeliveryAddress(
        beneficiary=holder if isinstance(holder, Beneficiary) else None,
        agency=None if isinstance(holder, Beneficiary) else holder,
        label=wanted.label,
        lines=wanted.lines,
        postal_code=wanted.postal_code,
        town=wanted.town,
        reason=wanted.reason,
        key=wanted.key,
        proposed_by=by,
        terms=wanted.terms.terms,
        contact_name=wanted.terms.contact_name,
        contact_phone=wanted.terms.contact_phone,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        same = _live_twin(holder, wanted)
        if same is None:
            raise
        return _again(same, by)
    record("orders.address_proposed", by=by, target=row, place=row.place, reason=row.reason)
    tell_proposed(row)
    return row


def _require_whole(wanted: ProposedAddress) -> None:
    if not (wanted.label and wanted.lines and wanted.town):
        raise AddressError("Une adresse a un nom de lieu, une rue et une commune.")
    if not POSTAL_CODE.fullmatch(wanted.postal_code):
        raise AddressError("Un code postal s’écrit avec 5 chiffres, par exemple 45000.")
    if len(wanted.reason) < SHORTEST_REASON:
        raise AddressError("Dites en quelques mots pourquoi livrer là\u00a0: qui valide le lira.")


def _live_twin(holder: Holder, wanted: ProposedAddress) -> DeliveryAddress | None:
    """The same street and postal code, under way or validated, those of FINESS included."""
    field = "beneficiary" if isinstance(holder, Beneficiary) else "agency"
    rows: QuerySet[DeliveryAddress] = DeliveryAddress.objects.filter(
        state__in=[State.PROPOSED, State.VALIDATED],
        postal_code=wanted.postal_code,
        **{field: holder},
    ).select_related("proposed_by", "beneficiary", "agency")
    for one in rows:
        if " ".join(plain_words(one.lines)) == " ".join(plain_words(wanted.lines)):
            return one
    return None


def _again(same: DeliveryAddress, by: User) -> DeliveryAddress:
    if same.state == State.PROPOSED and same.proposed_by == by:
        return same
    if same.site_id:
        raise AddressError("Cette adresse est déjà celle de FINESS\u00a0: rien à valider.")
    raise AddressError(
        f"Cette adresse est déjà là ({same.label}), {same.get_state_display()}\u00a0: "
        f"proposée par {same.proposed_by} le {same.proposed_at:%d/%m/%Y}."
    )


@transaction.atomic
def validate(*, by: User, address: DeliveryAddress) -> DeliveryAddress:
    """Another person than who proposed it makes the address usable; who proposed it is told."""
    row = _decided(by, address, State.VALIDATED, "")
    record("orders.address_validated", by=by, target=row, place=row.place)
    tell_decided(row)
    return row


@transaction.atomic
def refuse(*, by: User, address: DeliveryAddress, reason: str) -> DeliveryAddress:
    """Say no, and why; who proposed it is told."""
    reason = reason.strip()[:300]
    if len(reason) < SHORTEST_REASON:
        raise AddressError("Dites pourquoi vous refusez\u00a0: la personne qui propose le lira.")
    row = _decided(by, address, State.REFUSED, reason)
    record("orders.address_refused", by=by, target=row, place=row.place, reason=reason)
    tell_decided(row)
    return row


def _decided(by: User, address: DeliveryAddress, state: str, answer: str) -> DeliveryAddress:
    """The first of two who decide is the one; never who proposed."""
    row = _locked(address)
    if row.state != State.PROPOSED:
        who = f" par {row.decided_by or row.retired_by}" if row.decided_by or row.retired_by else ""
        raise AddressChangedError(f"Cette adresse est déjà {row.get_state_display()}{who}.", row)
    if row.proposed_by_id == by.pk:
        raise AddressError("Vous l’avez proposée\u00a0: une autre personne la valide.")
    if not may_decide(by, row):
        raise AddressError("Seuls un administrateur de l’établissement et l’ARS en décident.")
    row.state, row.answer, row.decided_by, row.decided_at = state, answer, by, timezone.now()
    row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    return row


@transaction.atomic
def retire(*, by: User, address: DeliveryAddress, reason: str = "") -> DeliveryAddress:
    """Order no more to a free address; who proposed it may take it back before it is decided."""
    row = _locked(address)
    if row.state == State.RETIRED:
        return row
    if not may_retire(by, row):
        raise AddressError("Cette adresse ne se retire pas avec votre profil.")
    row.state, row.retired_by, row.retired_at = State.RETIRED, by, timezone.now()
    row.answer = reason.strip()[:300] or row.answer
    row.save(update_fields=["state", "answer", "retired_by", "retired_at"])
    record("orders.address_retired", by=by, target=row, place=row.place, reason=reason.strip())
    tell_retired(row)
    return row


@transaction.atomic
def set_terms(*, by: User, address: DeliveryAddress, terms: Terms, seen: str) -> DeliveryAddress:
    """Say when one delivers and whom to call; ``seen`` is the ``version`` that was on screen."""
    row = _locked(address)
    if row.state not in (State.PROPOSED, State.VALIDATED) or not may_propose(by, row.holder):
        raise AddressError("Les consignes de cette adresse ne changent pas avec votre profil.")
    kept = terms_of(row)
    if terms == kept:
        return row
    if kept.version != seen:
        raise AddressChangedError(
            "Une autre personne vient de changer ces consignes\u00a0: elles sont écrites "
            "au-dessus. Relisez, puis enregistrez de nouveau.",
            row,
        )
    row.terms, row.contact_name, row.contact_phone = (
        terms.terms,
        terms.contact_name,
        terms.contact_phone,
    )
    row.save(update_fields=["terms", "contact_name", "contact_phone"])
    record("orders.address_terms_set", by=by, target=row, place=row.place)
    return row


def terms_of(row: DeliveryAddress) -> Terms:
    return Terms(row.terms, row.contact_name, row.contact_phone)


def _locked(address: DeliveryAddress) -> DeliveryAddress:
    rows = DeliveryAddress.objects.select_for_update(of=("self",), no_key=True)
    found: DeliveryAddress = rows.select_related(
        "beneficiary__establishment", "beneficiary__legal_entity", "agency", "proposed_by"
    ).get(pk=address.pk)
    return found
