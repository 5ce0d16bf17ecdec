"""What a pharmacist has to type of the supply of vaccines, on the home page."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from establishments.perimeter import Action
from vaccines.models import SupplyLine
from vaccines.needs.summary import Summary, summary_of

ORDER = 24
TITLE = "Approvisionnement en vaccin COVID"


def supply_cards(user: User) -> list[Card]:
    """Late needs, which a call settles; then what is to type, until the first deadline."""
    if not user.may(Action.VAC_NEED):
        return []
    lines = SupplyLine.objects.for_user(user, to=Action.VAC_NEED)
    summary = summary_of(lines, timezone.now())
    return [card for card in (_late(summary), _to_do(summary)) if card]


def _late(summary: Summary) -> Card | None:
    if not summary.late:
        return None
    return Card(
        kind=Kind.LATE,
        title=TITLE,
        detail=f"{summary.late_text}. Appelez votre ARS ou le support.",
        action_label="Voir les lignes",
        url=f"{reverse('vaccines:supply')}?etat=besoin-en-retard",
        order=ORDER,
    )


def _to_do(summary: Summary) -> Card | None:
    if not summary.count:
        return None
    return Card(
        kind=Kind.TO_DO,
        title=f"{TITLE}\u00a0: {summary.count_text}",
        detail=f"{summary.text[0].upper()}{summary.text[1:]}.",
        due=summary.due_text,
        action_label="Saisir",
        url=reverse("vaccines:supply"),
        order=ORDER,
    )
