"""A share-out opens: the proposal that was read is written, for the agencies to adjust."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from pui.medicine import Medicine
from pui.models import PharmacyShare, RegionalShare, ShareOut
from pui.sharing.letters import Event, announce
from pui.sharing.proposal import Proposal, propose

NATIONAL = "La cellule nationale ouvre, publie et annule les répartitions."
ALREADY = "Une répartition de ce produit est déjà en ajustement\u00a0: publiez-la ou annulez-la."
SHORTEST_REASON = 5


class SharingError(Exception):
    """Nothing was written. The message is for the person, in French."""


class ProposalChangedError(SharingError):
    """Stocks were declared since the proposal was shown; ``proposal`` is the one of now."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(
            "Des stocks ont été déclarés depuis\u00a0: voici la proposition recalculée. Relisez-la."
        )
        self.proposal = proposal


@dataclass(frozen=True, slots=True)
class Opening:
    """What the national cell types."""

    medicine: Medicine
    quantity: int
    pack: int
    closes_on: date
    note: str = ""


def require_national(by: User) -> None:
    if not by.perimeter_to(Action.MED_ALLOCATE).is_national:
        raise SharingError(NATIONAL)


@transaction.atomic
def open_share_out(
    *, by: User, opening: Opening, seen: str = "", now: datetime | None = None
) -> ShareOut:
    """Write the proposal, for the agencies to adjust, and write to them; journaled.

    ``seen`` is the mark of the proposal that was read. Raise ``ProposalChangedError`` when it would
    not be the same any more, ``SharingError`` when it may not be opened.
    """
    now = now or timezone.now()
    require_national(by)
    if opening.closes_on < timezone.localdate(now):
        raise SharingError("Le dernier jour d’ajustement est passé\u00a0: choisissez-en un autre.")
    proposal = propose(opening.medicine, opening.quantity, opening.pack, now)
    if seen and seen != proposal.mark:
        raise ProposalChangedError(proposal)
    if not proposal.shares.total:
        raise SharingError("Aucune PUI ne peut être servie\u00a0: il n’y a rien à répartir.")
    share_out = _create(by, opening, proposal)
    _write_shares(share_out, proposal)
    record(
        "pui.share_out_opened",
        by=by,
        target=share_out,
        quantity=opening.quantity,
        proposed=proposal.shares.total,
        pharmacies=len(proposal.served),
        until=opening.closes_on.isoformat(),
    )
    announce(share_out, Event.OPENED)
    return share_out


def _create(by: User, opening: Opening, proposal: Proposal) -> ShareOut:
    """One product is adjusted in one share-out at a time: the database decides of two clicks."""
    medicine = opening.medicine
    try:
        with transaction.atomic():
            return ShareOut.objects.create(
                product=medicine.product,
                reference=medicine.reference,
                unit=medicine.unit,
                quantity=opening.quantity,
                units_per_pack=opening.pack,
                closes_on=opening.closes_on,
                note=opening.note.strip(),
                computed_on=proposal.computed_on,
                level_days=proposal.shares.level,
                opened_by=by,
            )
    except IntegrityError as refusal:
        raise SharingError(ALREADY) from refusal


def _write_shares(share_out: ShareOut, proposal: Proposal) -> None:
    regions = RegionalShare.objects.bulk_create(
        [
            RegionalShare(share_out=share_out, region=one.region, total=one.total)
            for one in proposal.regions
            if one.region
        ]
    )
    by_code = {one.region_id: one for one in regions}
    PharmacyShare.objects.bulk_create(
        [
            PharmacyShare(
                share_out=share_out,
                regional=by_code.get(one.pui.establishment.region_id or ""),
                pui=one.pui,
                stock=one.stock,
                daily=one.daily,
                declared_on=one.declared_on,
                block=one.block,
                proposed=proposal.given(one),
                quantity=proposal.given(one),
            )
            for one in proposal.needs
        ],
        batch_size=1000,
    )
