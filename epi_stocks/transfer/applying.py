"""Apply a file that was read and shown: all of it or nothing, and once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from common.identifiers import format_finess
from epi_stocks.models import InventoryImport
from epi_stocks.services.saving import CellChange, SavingError, save_cells
from epi_stocks.transfer.preview import already_applied
from establishments.models import Establishment
from journal.services import record


class TransferError(Exception):
    """Nothing was imported. The message is written for the person, in French."""


@dataclass(frozen=True, slots=True)
class AppliedImport:
    week: date
    establishments: int
    cells: int
    applied_at: datetime


@transaction.atomic
def apply_import(
    *, by: User, import_id: int, profile_id: int | None = None, now: datetime | None = None
) -> AppliedImport:
    """Declare what was shown. Raise ``TransferError`` when it no longer holds, and change nothing.

    The cells are saved as if typed: a value that somebody changed since the preview stops it all.
    """
    now = now or timezone.now()
    draft = InventoryImport.objects.select_for_update().filter(pk=import_id, by=by).first()
    if draft is None:
        raise TransferError("Ce fichier n’est plus en attente : envoyez-le de nouveau.")
    if sentence := already_applied(draft.digest, draft.week):
        raise TransferError(sentence)
    by_place: dict[int, list[CellChange]] = defaultdict(list)
    for place, item, measure, value, seen in draft.changes:
        by_place[place].append(CellChange(item, measure, value, seen))
    places = Establishment.objects.select_related("legal_entity").in_bulk(by_place)
    for pk in sorted(by_place):
        save_place(by, draft.week, places[pk], by_place[pk], profile_id, now)
    cells = len(draft.changes)
    finish(draft, now)
    journal(by, draft, list(places.values()), cells)
    return AppliedImport(draft.week, len(by_place), cells, now)


def save_place(
    by: User,
    week: date,
    place: Establishment,
    changes: list[CellChange],
    profile_id: int | None,
    now: datetime,
) -> None:
    name = f"{place.name} ({format_finess(place.finess)})"
    try:
        result = save_cells(
            by=by,
            week=week,
            establishment_id=place.pk,
            changes=changes,
            profile_id=profile_id,
            now=now,
        )
    except SavingError as error:
        raise TransferError(f"{name} : {error} Rien n’a été importé.") from error
    if refused := [cell for cell in result.cells if not cell.is_saved]:
        raise TransferError(
            f"{name} : {refused[0].sentence} Cette grille a changé depuis le contrôle du fichier. "
            "Rien n’a été importé : envoyez-le de nouveau."
        )


def finish(draft: InventoryImport, now: datetime) -> None:
    """The unique constraint decides between two people who confirm the same file together."""
    draft.applied_at, draft.changes = now, []
    try:
        with transaction.atomic():
            draft.save(update_fields=["applied_at", "changes"])
    except IntegrityError:
        raise TransferError(already_applied(draft.digest, draft.week)) from None


def journal(by: User, draft: InventoryImport, places: list[Establishment], cells: int) -> None:
    """One entry for each legal entity, so that its administrators can read it."""
    by_entity: dict[int, list[Establishment]] = defaultdict(list)
    for place in places:
        by_entity[place.legal_entity_id].append(place)
    for sites in by_entity.values():
        record(
            "epi_stocks.inventory_imported",
            by=by,
            target=draft,
            place=sites[0].legal_entity,
            week=draft.week.isoformat(),
            digest=draft.digest,
            establishments=[site.finess for site in sites],
            cells=cells,
        )
