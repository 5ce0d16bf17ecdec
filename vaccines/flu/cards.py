"""What a flu season brings to the home page of each role."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from pui.models import Pui
from vaccines.flu.following import Season, asked_puis, missing_puis
from vaccines.flu.seasons import Stage, left_text, moment, stage_of, usual_season
from vaccines.models import FluCampaign

ORDER = 21  # after the stocks of the week
REMEMBERED = timedelta(days=60)  # a request never made is told so long after the deadline


def flu_cards(user: User) -> list[Card]:
    """For a pharmacy the request to make; for those who follow, how many are missing."""
    if not (user.may(Action.FLU_WRITE) or user.may(Action.DASH_MED)):
        return []
    now = timezone.now()
    campaign = usual_season(list(FluCampaign.objects.all()), now)
    if campaign is None or stage_of(campaign, now) is Stage.COMING:
        return []
    season = Season(campaign, None, now)
    if season.is_closed and campaign.needs_due_at < now - REMEMBERED:
        return []
    return (
        pharmacy_cards(user, season) if user.may(Action.FLU_WRITE) else missing_cards(user, season)
    )


def pharmacy_cards(user: User, season: Season) -> list[Card]:
    reached = Pui.objects.for_user(user, to=Action.FLU_WRITE).filter(closed_on=None)
    puis = list(reached.exclude(pk__in=asked_puis(season)))
    if not puis:
        return []
    campaign = season.campaign
    due, name = moment(campaign.needs_due_at), f"saison {campaign.season}"
    address = f"{reverse('vaccines:flu')}?saison={campaign.season}"
    if season.is_closed:
        kind, title = Kind.LATE, f"Demande de vaccins grippe pas faite, {name}"
        detail = "Les demandes sont closes\u00a0: appelez votre ARS ou votre OMEDIT."
        told, label = f"Attendue le {due}", "Voir qui appeler"
    else:
        kind, title = Kind.TO_DO, f"Demande de vaccins grippe à faire avant le {due}"
        detail = f"Doses par public visé, {name}."
        told, label = left_text(campaign, season.now).capitalize(), "Faire la demande"
    if len(puis) == 1:
        return [Card(kind, f"{title}, {puis[0]}", detail, told, label, address, ORDER)]
    detail = f"{format_integer(len(puis))}\u00a0PUI sans demande. {detail}"
    return [Card(kind, title, detail, told, label, address, ORDER)]


def missing_cards(user: User, season: Season) -> list[Card]:
    count = missing_puis(user, season).count()
    if not count:
        return []
    campaign = season.campaign
    said = "n’ont pas fait leur" if count > 1 else "n’a pas fait sa"
    when = "close depuis le" if season.is_closed else "à faire avant le"
    return [
        Card(
            kind=Kind.DECIDE if season.is_closed else Kind.TO_SEE,
            title=f"Vaccins grippe\u00a0: {format_integer(count)}\u00a0PUI {said} demande",
            detail=f"Besoin de la saison {campaign.season}, par public visé.",
            due=f"Demande {when} {moment(campaign.needs_due_at)}",
            action_label="Voir qui",
            url=f"{reverse('vaccines:flu')}?saison={campaign.season}&demande=absente",
            order=ORDER,
        )
    ]
