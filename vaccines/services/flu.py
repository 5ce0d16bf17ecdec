"""A pharmacy tells what a flu season needs, and what it has been delivered so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.numbers import format_integer
from establishments.perimeter import Action
from journal.services import record
from pui.models import Pui
from vaccines.flu.seasons import Stage, has_begun, is_over, moment, stage_of
from vaccines.models import DeliveredDoses, FluCampaign, FluNeed, FluRequest, TargetGroup

LONGEST_COMMENT, LONGEST_REASON = 1000, 250


class FluError(Exception):
    """Nothing was written. The message is for the person, in French."""


class ChangedMeanwhileError(FluError):
    """A colleague wrote since the page was shown; ``row`` holds what counts now."""

    def __init__(self, row: FluRequest | DeliveredDoses, who: User) -> None:
        super().__init__(
            f"{who} vient d’enregistrer d’autres valeurs\u00a0: elles sont écrites à côté des "
            "vôtres. Relisez, puis envoyez de nouveau."
        )
        self.row = row


@dataclass(frozen=True, slots=True)
class Asked:
    """Doses by number of target group; a group left blank is not there."""

    doses: Mapping[int, int]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Doses ordered and already there since the campaign began; why, when they are fewer."""

    doses: int
    reason: str = ""


def version_of(row: FluRequest | DeliveredDoses | None) -> str:
    """What a form carries, to know whether somebody wrote since it was shown."""
    if row is None:
        return ""
    at: datetime = row.sent_at if isinstance(row, FluRequest) else row.told_at
    return at.isoformat()


@transaction.atomic
def send_request(
    *,
    by: User,
    campaign: FluCampaign,
    pui: Pui,
    asked: Asked,
    seen: str = "",
    now: datetime | None = None,
) -> FluRequest:
    """Keep the needs of a pharmacy for a season, or change them until the deadline; journaled.

    Raise ``ChangedMeanwhileError`` when a colleague did since ``seen``, else ``FluError``.
    """
    now = now or timezone.now()
    _lock(by, pui)
    _require_open(campaign, now)
    rows = FluRequest.objects.filter(campaign=campaign, pui=pui).select_related("sent_by")
    row: FluRequest | None = rows.first()
    if row is not None and version_of(row) != seen:
        raise ChangedMeanwhileError(row, row.sent_by)
    change, comment = _change_of(row, asked), asked.comment.strip()[:LONGEST_COMMENT]
    if row is not None and not change.is_any and comment == row.comment:
        return row
    row = row or FluRequest(campaign=campaign, pui=pui)
    row.comment, row.sent_at, row.sent_by = comment, now, by
    row.save()
    _write_needs(row, asked.doses)
    told = change.told | {"total": sum(asked.doses.values())}
    record("vaccines.flu_request_sent", by=by, target=row, place=pui.establishment, **told)
    return row


def _lock(by: User, pui: Pui) -> None:
    """One colleague at a time for a pharmacy; only who declares for it, while it is open."""
    reached = Pui.objects.for_user(by, to=Action.FLU_WRITE).filter(pk=pui.pk, closed_on=None)
    if reached.select_for_update(of=("self",), no_key=True).first() is None:
        raise FluError("Seul un gestionnaire de fichiers d’une PUI ouverte écrit pour elle.")


def _require_open(campaign: FluCampaign, now: datetime) -> None:
    campaign.refresh_from_db()
    match stage_of(campaign, now):
        case Stage.COMING:
            raise FluError(f"Les demandes s’ouvrent le {campaign.needs_open_on:%d/%m/%Y}.")
        case Stage.CLOSED:
            raise FluError(
                f"Les demandes sont closes depuis le {moment(campaign.needs_due_at)}\u00a0: "
                "appelez votre ARS ou votre OMEDIT. Rien n’a été enregistré."
            )


@dataclass(frozen=True, slots=True)
class _Change:
    """Doses by label of group, those that differ."""

    before: dict[str, int | None] = field(default_factory=dict)
    after: dict[str, int | None] = field(default_factory=dict)

    @property
    def is_any(self) -> bool:
        return bool(self.after)

    @property
    def told(self) -> dict[str, Any]:
        """For the journal."""
        return {"before": self.before, "after": self.after}


def _change_of(row: FluRequest | None, asked: Asked) -> _Change:
    """What would change; refuses a group that nobody proposes, and a form left blank."""
    if not asked.doses:
        raise FluError(
            "Tapez au moins un nombre de doses\u00a0: 0 dit que vous n’avez besoin de rien, une "
            "case vide ne dit rien."
        )
    former = dict(row.needs.values_list("group", "doses")) if row else {}
    groups = {one.pk: one for one in TargetGroup.objects.all()}
    offered = {pk for pk, one in groups.items() if one.is_used} | former.keys()
    if not asked.doses.keys() <= offered:
        raise FluError("Un public n’est plus proposé\u00a0: rouvrez la page.")
    change = _Change()
    for pk, group in groups.items():
        if former.get(pk) != asked.doses.get(pk):
            change.before[group.label] = former.get(pk)
            change.after[group.label] = asked.doses.get(pk)
    return change


def _write_needs(row: FluRequest, doses: Mapping[int, int]) -> None:
    known = {one.group_id: one for one in row.needs.all()}
    for pk, need in known.items():
        if pk not in doses:
            need.delete()
        elif need.doses != doses[pk]:
            need.doses = doses[pk]
            need.save()
    new = (FluNeed(request=row, group_id=pk, doses=doses[pk]) for pk in doses.keys() - known.keys())
    FluNeed.objects.bulk_create(new)


@transaction.atomic
def tell_delivered(
    *,
    by: User,
    campaign: FluCampaign,
    pui: Pui,
    told: Told,
    seen: str = "",
    now: datetime | None = None,
) -> DeliveredDoses:
    """Keep the « quantité cumulée commandée livrée », which only grows unless corrected; journaled.

    Raise ``ChangedMeanwhileError`` when a colleague did since ``seen``, else ``FluError``.
    """
    now = now or timezone.now()
    _lock(by, pui)
    _require_begun(campaign, now)
    rows = DeliveredDoses.objects.filter(campaign=campaign, pui=pui).select_related("told_by")
    row: DeliveredDoses | None = rows.first()
    if row is not None and version_of(row) != seen:
        raise ChangedMeanwhileError(row, row.told_by)
    before = row.doses if row else None
    if row is not None and before == told.doses:
        return row
    row = row or DeliveredDoses(campaign=campaign, pui=pui)
    row.correction_reason = _correction(before, told, is_late=is_over(campaign, now))
    row.doses, row.told_at, row.told_by = told.doses, now, by
    row.save()
    _record_delivered(row, before, by)
    return row


def _record_delivered(row: DeliveredDoses, before: int | None, by: User) -> None:
    record(
        "vaccines.flu_delivered_told",
        by=by,
        target=f"{row.campaign} – {row.pui}",
        place=row.pui.establishment,
        before={"doses": before},
        after={"doses": row.doses},
        reason=row.correction_reason,
    )


def _require_begun(campaign: FluCampaign, now: datetime) -> None:
    campaign.refresh_from_db()
    if not has_begun(campaign, now):
        raise FluError(
            f"La quantité livrée se saisit à partir du {campaign.starts_on:%d/%m/%Y}, premier jour "
            "de la campagne. Rien n’a été enregistré."
        )


def _correction(before: int | None, told: Told, *, is_late: bool) -> str:
    """Why the number is lower than before, or told once the campaign is over; else nothing."""
    known = before or 0
    is_lower = told.doses < known
    if not is_lower and not is_late:
        return ""
    if reason := told.reason.strip()[:LONGEST_REASON]:
        return reason
    if is_lower:
        raise FluError(
            f"Une quantité cumulée ne diminue pas (déjà saisi\u00a0: {format_integer(known)})"
            "\u00a0: pour la corriger, dites pourquoi dans le motif."
        )
    raise FluError(
        "La campagne est finie, ses chiffres ont été lus\u00a0: pour changer la quantité livrée, "
        "dites pourquoi dans le motif."
    )
