"""What the pages of the opening share: the region within reach, the line, where one is."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.lookups import get_in_perimeter, require
from accounts.models import Domain, Role, User
from establishments.access import refusal
from establishments.models import Region
from establishments.perimeter import Action
from pui.models import OnboardingLine, OnboardingList
from pui.onboarding.board import lines_of, situations_of
from pui.onboarding.people import place_of
from pui.onboarding.steps import Situation, Step

Trail = list[tuple[str, str]]
TITLE = "Ouverture des PUI"
APE = f"{Domain.ADMINISTRATION}:{Role.ADMINISTRATOR}"
GF = f"{Domain.DISPOSTOCK}:{Role.DECLARANT}"
NATIONAL = "La cellule nationale établit les listes et le calendrier de bascule."


def regions_of(user: User) -> list[Region]:
    """The regions that the person follows."""
    perimeter = user.perimeter_to(Action.ONB_READ)
    rows = Region.objects.all()
    if not perimeter.is_national:
        rows = rows.filter(pk__in=perimeter.region_codes)
    return list(rows)


def region_of(request: HttpRequest, code: str) -> Region:
    """The region; out of reach it does not exist."""
    found = next((one for one in regions_of(request.user) if one.pk == code), None)
    if found is None:
        raise Http404
    return found


def may_fill(user: User, region: Region) -> bool:
    perimeter = user.perimeter_to(Action.ONB_WRITE)
    return perimeter.is_national or region.pk in perimeter.region_codes


def list_to_fill(request: HttpRequest, code: str) -> OnboardingList:
    """The list of a region, for somebody who may fill it; 404 when it is not made yet."""
    region = region_of(request, code)
    if not may_fill(request.user, region):
        raise PermissionDenied(refusal(Action.ONB_WRITE))
    found: OnboardingList = get_in_perimeter(
        OnboardingList.objects.select_related("region"),
        request.user,
        to=Action.ONB_READ,
        region=region,
    )
    return found


def line_of(request: HttpRequest, pk: int, *, to: Action = Action.ONB_READ) -> OnboardingLine:
    rows = lines_of(OnboardingLine.objects.all())
    line: OnboardingLine = get_in_perimeter(rows, request.user, to=Action.ONB_READ, pk=pk)
    if to != Action.ONB_READ:
        require(request.user, to, line)
    return line


def require_national(request: HttpRequest) -> None:
    if not request.user.perimeter_to(Action.ONB_WRITE).is_national:
        raise PermissionDenied(NATIONAL)


def trail(region: Region | None = None, line: OnboardingLine | None = None) -> Trail:
    """The pages above, below « e-Dispostock »."""
    above = [(TITLE, reverse("pui:onboarding"))]
    if region:
        above.append((region.name, reverse("pui:onboarding_region", args=[region.pk])))
    if line:
        above.append((str(line), reverse("pui:onboarding_line", args=[line.pk])))
    return above


def line_context(request: HttpRequest, line: OnboardingLine) -> dict[str, Any]:
    """One line: where it stands, and what unblocks it."""
    situation = situations_of([line])[0]
    region = line.onboarding.region
    return {
        "situation": situation,
        "line": line,
        "region": region,
        "may_fill": may_fill(request.user, region),
        "invitation_url": invitation_address(request.user, situation),
        "above": trail(region),
    }


def invitation_address(user: User, situation: Situation) -> str:
    """The invitation of PLAGE, filled for who is missing; empty for who may not invite there.

    In a fire service (SIS) the pharmacist is both GF and APE [001].
    """
    if situation.step not in (Step.APE, Step.GF) or not user.may(Action.PROF_DECIDE_APE):
        return ""
    wanted = [APE] if situation.step is Step.APE else [GF]
    if situation.particular and situation.particular.word == "SIS":
        wanted = [APE, GF] if situation.step is Step.APE else [GF]
    place = place_of(situation.line) or situation.line.legal_entity
    address = reverse("plage:invitation_form", args=[place.finess])
    return f"{address}?{'&'.join(f'habilitation={one}' for one in wanted)}"
