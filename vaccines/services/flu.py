"""A pharmacy tells what a flu season needs, and what it has been delivered so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from pui.models import Pui
from vaccines.flu.seasons import Stage, is_delivering, moment, stage_of
from vaccines.models import DeliveredDoses, FluCampaign, FluNeed, FluRequest, TargetGroup

LONGEST_COMMENT = 1000


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
    change = _change_of(row, asked)
    comment = asked.comment.strip()[:LONGEST_COMMENT]
    if row is not None and not change.is_any and comment == row.comment:
        return row
    row = row or FluRequest(campaign=campaign, pui=pui)
    row.comment, row.sent_at, row.sent_by = comment, now, by
    row.save()
    _write_needs(row, asked.doses)
    told: dict[str, Any] = {"before": change.before, "after": change.after}
    told["total"] = sum(asked.doses.values())
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
    _require_delivering(campaign, now)
    rows = DeliveredDoses.objects.filter(campaign=campaign, pui=pui).select_related("told_by")
    row: DeliveredDoses | None = rows.first()
    if row is not None and version_of(row) != seen:
        raise ChangedMeanwhileError(row, row.told_by)
    before = row.doses if row else None
    if before == told.doses and row is not None:
        return row
    reason = _correction(before, told)
    row = row or DeliveredDoses(campaign=campaign, pui=pui)
    row.doses, row.correction_reason, row.told_at, row.told_by = told.doses, reason, now, by
    row.save()
    change: dict[str, Any] = {
        "before": {"doses": before},
        "after": {"doses": told.doses},
        "reason": reason,
    }
    target = f"{campaign} – {pui}"
    record("vaccines.flu_delivered_told", by=by, target=target, place=pui.establishment, **change)
    return row


def _require_delivering(campaign: FluCampaign, now: datetime) -> None:
    campaign.refresh_from_db()
    if not is_delivering(campaign, now):
        raise FluError(
            f"La quantité livrée se saisit du {campaign.starts_on:%d/%m/%Y} au "
            f"{campaign.ends_on:%d/%m/%Y}, pendant la campagne\u00a0: appelez votre ARS."
        )


def _correction(before: int | None, told: Told) -> str:
    """Why the number is lower than before; nothing when it grows."""
    if before is None or told.doses >= before:
        return ""
    reason = told.reason.strip()[:250]
    if not reason:
        raise FluError(
            f"Une quantité cumulée ne diminue pas (déjà saisi\u00a0: {before})\u00a0: pour la "
            "corriger, dites pourquoi dans le motif."
        )
    return reason
