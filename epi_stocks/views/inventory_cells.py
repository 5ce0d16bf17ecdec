"""Saving cells as they are typed: the answers that the script of the grid reads."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views import View

from accounts.denials import record_repeated_denial
from epi_stocks.forms import TypedCell, read_json
from epi_stocks.outcomes import as_json, outcomes_of, status_of
from epi_stocks.services.saving import SaveResult, SavingError, confirm_doubt, save_cells
from epi_stocks.views.inventory_ticket import open_ticket, profile_number
from establishments.access import RouteAccess, refusal
from establishments.models import Establishment
from establishments.perimeter import Action

LOST = "Vous n’êtes plus connecté."
ELSEWHERE = "Cet établissement ne vous est pas ouvert."


class CellsView(View):
    """One POST saves one cell or a pasted block, in three statements with session and account.

    The right is checked inside the saving statement: reading the profiles first would cost two
    more. A script cannot follow a redirection to the login page: it is answered 401.
    """

    access = RouteAccess(actions=(Action.EPI_WRITE,))

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"sentence": LOST}, status=401)
        return redirect_to_login(request.get_full_path())

    def get(self, request: HttpRequest, finess: str, week: date) -> HttpResponse:
        """Give a fresh token to a page whose person has logged in again in another tab."""
        if (refused := refusal_to_write(request, finess)) is not None:
            return refused
        return JsonResponse({"token": get_token(request), "person": str(request.user.public_id)})

    def post(self, request: HttpRequest, finess: str, week: date) -> HttpResponse:
        try:
            sent, typed = read_json(request.body)
            result = self.save(request, finess, week, sent, typed)
        except SuspiciousOperation:
            # a forged body says nothing more about a place than the page itself would
            if (refused := refusal_to_write(request, finess)) is not None:
                return refused
            raise
        except SavingError as error:
            if error.code == "right" and (refused := refusal_to_write(request, finess)):
                return refused
            return JsonResponse({"sentence": str(error)}, status=403)
        outcomes = outcomes_of(result, typed)
        return JsonResponse(as_json(outcomes, result), status=status_of(outcomes))

    def save(
        self, request: HttpRequest, finess: str, week: date, sent: dict, typed: list[TypedCell]
    ) -> SaveResult | None:
        place = {
            "by": request.user,
            "week": week,
            "establishment_id": open_ticket(sent.get("ticket"), finess=finess, week=week),
        }
        for cell in typed:
            if cell.is_exact and not cell.error:
                confirm_doubt(item_id=cell.item_id, measure=cell.measure, value=cell.value, **place)
        changes = [cell.as_change() for cell in typed if not cell.error]
        if not changes:
            return None
        return save_cells(changes=changes, profile_id=profile_number(sent.get("profile")), **place)


def refusal_to_write(request: HttpRequest, finess: str) -> HttpResponse | None:
    """403 without the right, 404 outside the perimeter, nothing when one may write there."""
    here = Establishment.objects.filter(finess=finess)
    if request.user.may(Action.EPI_WRITE):
        if here.for_user(request.user, to=Action.EPI_WRITE).exists():
            return None
        if not here.for_user(request.user, to=Action.EPI_READ).exists():
            return JsonResponse({"sentence": ELSEWHERE}, status=404)
    sentence = refusal(Action.EPI_WRITE)
    record_repeated_denial(request, sentence, place=here.first())
    return JsonResponse({"sentence": sentence}, status=403)


cells = login_not_required(CellsView.as_view())
cells.access = CellsView.access
