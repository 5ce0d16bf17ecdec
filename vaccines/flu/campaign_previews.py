"""What a decision on a flu season changes, and whom it concerns, before it is taken.

The decision is really taken, looked at, then undone (``medications.decisions.previews``).
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from common.decisions import undone
from common.numbers import format_integer
from medications.decisions.previews import Preview, concerned, puis
from pui.models import Pui
from vaccines.flu.following import Season as Shown
from vaccines.flu.seasons import Stage, expected_on, moment, stage_of
from vaccines.models import FluCampaign, FluNeed, FluRequest, TargetGroup

Take = Callable[[], Any]


def preview_campaign(take: Take, title: str) -> Preview:
    """Dates in words, then who has to ask, who has asked."""
    return undone_preview(take, title)


def undone_preview(take: Take, title: str) -> Preview:
    kept: list[FluCampaign] = []

    def really() -> None:
        kept.append(take())

    sentences = undone(really, lambda: campaign_sentences(kept[0]))
    return Preview(title, sentences)


def campaign_sentences(campaign: FluCampaign) -> list[str]:
    shown = Shown(campaign, None, timezone.now())
    expected = Pui.objects.open_on(expected_on(campaign, shown.now)).count()
    asked = FluRequest.objects.filter(campaign=campaign).count()
    told = [
        f"Demandes de la saison {campaign.season}\u00a0: du {campaign.needs_open_on:%d/%m/%Y} au "
        f"{moment(campaign.needs_due_at)}.",
        f"Campagne\u00a0: du {campaign.starts_on:%d/%m/%Y} au {campaign.ends_on:%d/%m/%Y}, jours "
        "compris\u00a0; la quantité livrée se saisit à partir du premier.",
        f"{concerned(expected)}\u00a0: celles qui sont ouvertes aujourd’hui.",
    ]
    if asked:
        told.append(f"Demandes déjà faites\u00a0: {format_integer(asked)}. Elles restent.")
    if stage_of(campaign, shown.now) is Stage.CLOSED:
        left = max(0, expected - asked)
        told.append(f"Les demandes seront closes\u00a0: {puis(left)} en retard, à appeler.")
    return told


def preview_new_group(take: Take, label: str) -> Preview:
    undone(take, lambda: None)
    return Preview(
        f"Proposer «\u00a0{label}\u00a0»",
        [
            f"{concerned(open_puis())}\u00a0: une case de plus, la dernière, dans leur demande.",
            "Les demandes déjà faites restent telles quelles\u00a0: la nouvelle case y est vide.",
        ],
    )


def preview_group(take: Take, group: TargetGroup, *, is_used: bool) -> Preview:
    undone(take, lambda: None)
    if is_used:
        return Preview(
            f"Proposer de nouveau «\u00a0{group.label}\u00a0»",
            [f"{concerned(open_puis())}\u00a0: la case revient dans leur demande."],
        )
    needs = FluNeed.objects.filter(group=group, request__campaign__in=open_campaigns())
    told = needs.order_by().values("request__pui").distinct().count()
    doses = needs.aggregate(sum=Sum("doses"))["sum"] or 0
    sentences = [f"{concerned(open_puis())}\u00a0: la case disparaît des nouvelles demandes."]
    if told:
        sentences.append(
            f"{puis(told)}, {format_integer(doses)}\u00a0doses déjà demandées pour ce public"
            "\u00a0: elles restent, et la case reste dans ces demandes."
        )
    return Preview(f"Ne plus proposer «\u00a0{group.label}\u00a0»", sentences)


def open_puis() -> int:
    count: int = Pui.objects.open_on(timezone.localdate()).count()
    return count


def open_campaigns() -> list[int]:
    now = timezone.now()
    rows = FluCampaign.objects.all()
    return [one.pk for one in rows if stage_of(one, now) is Stage.OPEN]
