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
from epi_stocks.transfer.preview import Progress, already_applied, silent
from establishments.models import Establishment
from journal.services import record

State = InventoryImport.State


class TransferError(Exception):
    """Nothing was imported. The message is written for the person, in French."""


class RightLostError(TransferError):
    """The person may no longer declare there: a refusal that the journal keeps."""


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
    """Declare at once what was shown. Raise ``TransferError`` when it no longer holds."""
    draft = InventoryImport.objects.select_for_update().filter(pk=import_id, by=by).first()
    if draft is None:
        raise TransferError("Ce fichier n’est plus en attente : envoyez-le de nouveau.")
    return declare(draft, by=by, profile_id=profile_id, now=now)


@transaction.atomic
def declare(
    draft: InventoryImport,
    *,
    by: User,
    profile_id: int | None,
    now: datetime | None = None,
    progress: Progress = silent,
) -> AppliedImport:
    """Save what a file says, or raise ``TransferError`` and change nothing.

    The cells are saved as if typed: rights, closing and coverage are checked for each place, and a
    value that somebody changed since the preview stops it all.
    """
    now = now or timezone.now()
    if sentence := already_applied(draft.digest, draft.week):
        raise TransferError(sentence)
    by_place: dict[int, list[CellChange]] = defaultdict(list)
    for place, item, measure, value, seen in draft.changes:
        by_place[place].append(CellChange(item, measure, value, seen))
    places = Establishment.objects.select_related("legal_entity").in_bulk(by_place)
    cells = 0
    for pk in sorted(by_place):
        save_place(by, draft.week, places[pk], by_place[pk], profile_id, now)
        cells += len(by_place[pk])
        progress(cells)
    finish(draft, now, {"cells": cells, "establishments": len(by_place)})
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
        refusal = RightLostError if error.code == "right" else TransferError
        raise refusal(f"{name} : {error} Rien n’a été importé.") from error
    if refused := [cell for cell in result.cells if not cell.is_saved]:
        raise TransferError(
            f"{name} : {refused[0].sentence} Cette grille a changé depuis le contrôle du fichier. "
            "Rien n’a été importé : envoyez-le de nouveau."
        )


def finish(draft: InventoryImport, now: datetime, report: dict[str, int]) -> None:
    """The state decides between two workers on one import; the unique constraint, between two
    people who confirm the same file together.
    """
    mine = InventoryImport.objects.filter(pk=draft.pk, state=draft.state)
    done = {"state": State.DONE, "applied_at": now, "message": "", "seen_at": now}
    try:
        with transaction.atomic():
            count = mine.update(changes=[], report=report, **done)
    except IntegrityError:
        raise TransferError(already_applied(draft.digest, draft.week)) from None
    if not count:
        raise TransferError("Ce fichier n’est plus en attente : envoyez-le de nouveau.")


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
