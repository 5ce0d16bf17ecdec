"""What the supply of vaccines brings to the home page of an agency, an OMEDIT, the country."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from establishments.perimeter import Action
from pui.region.figures import plural
from vaccines.corrections.standing import late_q, with_state
from vaccines.models import LineReport, SupplyLine

ORDER = 18  # before the stocks: a pharmacy waits for it


def correction_cards(user: User) -> list[Card]:
    """Reports to treat, then lines that are late: for who may correct them."""
    if not user.may(Action.VAC_LINE):
        return []
    return [*_reports(user), *_late(user)]


def _reports(user: User) -> list[Card]:
    rows = LineReport.objects.for_user(user, to=Action.VAC_LINE)
    told = list(
        rows.filter(state=LineReport.State.OPEN).order_by("told_at").values_list("told_at")[:100]
    )
    if not told:
        return []
    oldest = timezone.localtime(told[0][0])
    return [
        Card(
            kind=Kind.DECIDE,
            title=f"Vaccins COVID\u00a0: {plural(len(told), 'signalement')} à traiter",
            detail="Une PUI ne peut ni créer, ni déplacer, ni supprimer de ligne\u00a0: elle vous "
            "attend.",
            due=f"Le plus ancien du {oldest:%d/%m}",
            action_label="Traiter",
            url=reverse("vaccines:line_reports"),
            order=ORDER,
        )
    ]


def _late(user: User) -> list[Card]:
    now = timezone.now()
    rows = with_state(SupplyLine.objects.for_user(user, to=Action.VAC_LINE), now)
    count = rows.filter(late_q(now)).count()
    if not count:
        return []
    return [
        Card(
            kind=Kind.TO_SEE,
            title=f"Vaccins COVID\u00a0: {plural(count, 'ligne')} en retard",
            detail="Besoin ou réception que la PUI n’a pas saisi à temps.",
            action_label="Voir lesquelles",
            url=f"{reverse('vaccines:followed')}?retard=on",
            order=ORDER + 1,
        )
    ]
