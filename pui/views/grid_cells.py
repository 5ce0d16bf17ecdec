"""Saving cells as they are typed: the answers that the script of the grid reads."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views import View

from accounts.denials import record_repeated_denial
from establishments.access import RouteAccess, refusal
from medications.calendar import NotDueError, calendar_of
from medications.models import MonitoredList
from pui.grid.outcomes import as_json, outcomes_of, status_of
from pui.grid.typing import read_json
from pui.models import Pui
from pui.rights import write_action
from pui.services.draft import save_cells
from pui.services.storing import StoringError
from pui.views.grid_context import WRITERS
from pui.views.register_context import pui_of

LOST = "Vous n’êtes plus connecté."
ELSEWHERE = "Cette PUI ne vous est pas ouverte."


class CellsView(View):
    """One POST saves one cell or a pasted block.

    A script cannot follow a redirection to the login page: it is answered 401.
    """

    access = RouteAccess(actions=WRITERS)

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            if "application/json" in request.headers.get("Accept", ""):
                return JsonResponse({"sentence": LOST}, status=401)
            return redirect_to_login(request.get_full_path())
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return JsonResponse({"sentence": ELSEWHERE}, status=404)
        except (PermissionDenied, StoringError) as error:
            record_repeated_denial(request, str(error))
            return JsonResponse({"sentence": str(error)}, status=403)

    def get(self, request: HttpRequest, slug: str, pk: int, due_on: date) -> HttpResponse:
        """Give a fresh token to a page whose person has logged in again in another tab."""
        place_of(request, slug, pk, due_on)
        return JsonResponse({"token": get_token(request), "person": str(request.user.public_id)})

    def post(self, request: HttpRequest, slug: str, pk: int, due_on: date) -> HttpResponse:
        try:
            sent, typed = read_json(request.body)
        except SuspiciousOperation:
            place_of(request, slug, pk, due_on)  # 403 and 404 come before 400
            raise
        take_profile(request, sent.get("profile"))
        monitored_list, pui = place_of(request, slug, pk, due_on)
        changes = [cell.as_change() for cell in typed if not cell.error]
        result = None
        if changes:
            result = save_cells(
                by=request.user,
                pui=pui,
                monitored_list=monitored_list,
                due_on=due_on,
                changes=changes,
                now=timezone.now(),
            )
        outcomes = outcomes_of(result, typed)
        return JsonResponse(as_json(outcomes, result), status=status_of(outcomes))


def place_of(request: HttpRequest, slug: str, pk: int, due_on: date) -> tuple[MonitoredList, Pui]:
    """403 without the right, 404 out of reach or on a day when nothing is due."""
    if not any(map(request.user.may, WRITERS)):
        raise PermissionDenied(refusal(WRITERS[0]))
    monitored_list = MonitoredList.objects.filter(slug=slug).first()
    if monitored_list is None:
        raise Http404
    pui = pui_of(request, pk, to=write_action(monitored_list))
    try:
        calendar_of(monitored_list).period(due_on)
    except NotDueError as error:
        raise Http404 from error
    return monitored_list, pui


def take_profile(request: HttpRequest, sent: object) -> None:
    """Save under the profile that the grid was shown under, while the person still holds it."""
    held = {str(profile.pk): profile.pk for profile in request.user.usable_profiles}
    if (shown := held.get(str(sent or ""))) is not None:
        request.user.chosen_profile_id = shown


cells = login_not_required(CellsView.as_view())
cells.access = CellsView.access
