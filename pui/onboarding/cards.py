"""What the opening of the pharmacies puts on the home page of an ARS, until all are open."""

from django.urls import reverse

from accounts.models import User
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from pui.models import OnboardingList
from pui.onboarding.board import Progress, progress_of
from pui.onboarding.steps import SETTLED, Step

ORDER = 30  # among the cards of the home page: stocks first


def onboarding_cards(user: User) -> list[Card]:
    """One a region whose list is made and holds a step that the ARS may unblock."""
    if not user.may(Action.ONB_WRITE):
        return []
    perimeter = user.perimeter_to(Action.ONB_WRITE)
    if perimeter.is_national:
        return []
    made = OnboardingList.objects.filter(region__in=perimeter.region_codes)
    regions = [one.region for one in made.select_related("region")]
    return [card_of(one) for one in progress_of(regions) if waiting(one)] if regions else []


def waiting(progress: Progress) -> int:
    """The lines that wait for somebody else than the pharmacist about to log in."""
    aside = SETTLED | {Step.LOGIN}
    return sum(count for step, count in progress.steps.items() if step not in aside)


def late_sentence(progress: Progress, waiting_here: int) -> str:
    """More may be late than wait: those whose pharmacist is about to log in are late too."""
    if not progress.late:
        return ""
    more = ", premières connexions attendues comprises" if progress.late > waiting_here else ""
    return f"{format_integer(progress.late)} en retard sur la bascule{more}. "


def card_of(progress: Progress) -> Card:
    count = waiting(progress)
    s = "s" if count > 1 else ""
    late = late_sentence(progress, count)
    day = progress.switch.switches_on if progress.switch else None
    return Card(
        kind=Kind.DECIDE,
        title=f"Ouverture des PUI\u00a0: {format_integer(count)} ligne{s} à faire avancer",
        detail=f"{late}Vérifier, valider, faire nommer un APE ou un GF, informer les pharmaciens.",
        due=f"Bascule le {day:%d/%m/%Y}" if day else "",
        action_label="Ouvrir la liste",
        url=reverse("pui:onboarding_region", args=[progress.region.pk]),
        order=ORDER,
    )
