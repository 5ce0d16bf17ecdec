"""What the opening of the pharmacies puts on the home page of an ARS, until all are open."""

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from common.kept import KeptByKey
from common.numbers import format_integer
from establishments.models import Region
from establishments.perimeter import Action
from pui.models import OnboardingLine
from pui.onboarding.board import Progress, progress_of
from pui.onboarding.steps import SETTLED, Step

ORDER = 30  # among the cards of the home page: stocks first
PROGRESS = KeptByKey[list[Progress]]()


def onboarding_cards(user: User) -> list[Card]:
    """One a region whose list is made and holds a step that the ARS may unblock."""
    if not user.may(Action.ONB_WRITE):
        return []
    perimeter = user.perimeter_to(Action.ONB_WRITE)
    if perimeter.is_national:
        return []
    return [card_of(one) for one in _progress_in(perimeter.region_codes) if waiting(one)]


def _progress_in(codes: frozenset[str]) -> list[Progress]:
    """Read again as soon as a line changes; what accounts change, half a minute later."""
    lines = OnboardingLine.objects.filter(onboarding__region__in=codes)
    stamp = lines.aggregate(
        lines=Count("pk"), changed=Max("updated_at"), told=Max("pharmacists_told_at")
    )
    if not stamp["lines"]:
        return []
    regions = Region.objects.filter(onboardinglist__isnull=False, pk__in=codes)
    key = codes, timezone.localdate(), *stamp.values()
    return PROGRESS.value(key, lambda: progress_of(regions))


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
