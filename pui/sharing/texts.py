"""What is said of a share-out: why this quantity, where it stands, who did what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from common.cover import Level, days_of_cover
from medications.thresholds import level_of
from pui.medicine import quantity_of
from pui.models import PharmacyShare, ShareOut
from pui.region.figures import days_text, quantity_text

ONLY_DECLARING = "seules les PUI qui déclarent peuvent être servies"


def days_before(share: PharmacyShare) -> Decimal | None:
    return days_of_cover(share.stock, share.daily)


def days_after(share: PharmacyShare) -> Decimal | None:
    """Of what it holds and what it is to receive; nothing for one that is not served."""
    if share.stock is None or not share.may_be_served:
        return None
    return days_of_cover(share.stock + share.quantity, share.daily)


def level_before(share: PharmacyShare) -> Level:
    return level_of(share.stock, share.daily, share.declared_on)


def reason_text(share: PharmacyShare) -> str:
    """Why the proposal gives it this quantity, in one sentence."""
    if share.block:
        return block_text(share)
    now, reached = days_text(days_before(share)), days_text(share.share_out.level_days)
    if not share.proposed:
        return f"A déjà {now} de couverture, plus que le niveau atteint ({reached})."
    after = days_text(days_of_cover((share.stock or 0) + share.proposed, share.daily))
    given = quantity_of(share.proposed, share.share_out.unit)
    return f"{given} portent sa couverture de {now} à {after}."


def block_text(share: PharmacyShare) -> str:
    """« Stocks périmés, dernière échéance déclarée le 13/11/2020 : seules les PUI … »."""
    said = str(PharmacyShare.Block(share.block).label)
    if share.block == PharmacyShare.Block.NO_USE:
        return f"{said.capitalize()} (0 par jour)."
    if share.block == PharmacyShare.Block.STALE and share.declared_on:
        said = f"{said}, dernière échéance déclarée le {share.declared_on:%d/%m/%Y}"
    return f"{said[0].upper()}{said[1:]}\u00a0: {ONLY_DECLARING}."


def formula_text(share: PharmacyShare) -> str:
    """« 120 ÷ 10 par jour = 12,0 j »."""
    if share.stock is None or share.daily is None:
        return ""
    days = days_text(days_before(share), level_before(share))
    return f"{quantity_text(share.stock)} ÷ {quantity_text(share.daily)} par jour = {days}"


def left_text(left: int, unit: str) -> str:
    """What a region or the country did not give."""
    if not left:
        return "tout est réparti"
    return f"il reste {quantity_of(left, unit)}"


@dataclass(frozen=True, slots=True)
class Act:
    """What one person did of a share-out, at one moment."""

    at: datetime
    who: str
    what: str
    detail: str = ""


def acts_of(share_out: ShareOut) -> list[Act]:
    """From its opening on, the last first; the journal keeps each change of a quantity."""
    return sorted(_acts(share_out), key=lambda one: one.at, reverse=True)


def _acts(share_out: ShareOut) -> Iterator[Act]:
    yield Act(share_out.opened_at, str(share_out.opened_by), "a ouvert la répartition")
    for one in share_out.regions.filter(done_at__isnull=False).select_related("region", "done_by"):
        if one.done_at:
            yield Act(one.done_at, str(one.done_by), f"a terminé pour {one.region}", one.note)
    if share_out.published_at:
        yield Act(share_out.published_at, str(share_out.published_by), "a publié la répartition")
    if share_out.cancelled_at:
        who, why = str(share_out.cancelled_by), share_out.cancel_reason
        yield Act(share_out.cancelled_at, who, "a annulé la répartition", why)
