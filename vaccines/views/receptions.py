"""What came of a delivery: the code of a box read, a mistake put right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.lookups import get_in_perimeter, require
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from vaccines.models import SupplyLine
from vaccines.needs.correcting import CorrectionForm
from vaccines.needs.history import receptions_kept
from vaccines.needs.scanning import read_box
from vaccines.services.reception_corrections import correct_receptions
from vaccines.services.receptions import expected_doses
from vaccines.services.refusals import SupplyError

TITLE = "Approvisionnement vaccin COVID"
CORRECTED = {"why": "why", "reason": "gap", "people": "people"}


def line_of(request: HttpRequest, pk: int) -> SupplyLine:
    """Out of reach it does not exist; read only, it is refused with a sentence."""
    rows = SupplyLine.objects.select_related("wave__vaccine", "pui__establishment", "recipient")
    line: SupplyLine = get_in_perimeter(rows, request.user, to=Action.VAC_READ, pk=pk)
    require(request.user, Action.VAC_RECEP, line)
    return line


@allows(Action.VAC_RECEP)
@as_shown
@require_POST
def scan(request: HttpRequest, pk: int) -> JsonResponse:
    """What the code of a box says, for the fields of a line; nothing is written."""
    line = line_of(request, pk)
    try:
        box = read_box(line, request.POST.get("code", ""), timezone.localdate())
    except SupplyError as refusal:
        return JsonResponse({"refused": str(refusal)})
    day = box.expires_on
    return JsonResponse(
        {
            "product": str(line.wave.vaccine),
            "gtin": box.gtin,
            "lot": box.lot,
            "expires_on": f"{day:%d/%m/%Y}" if day else "",
            "warning": box.warning,
        }
    )


@allows(Action.VAC_RECEP)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A mistake in a reception; what was typed before stays in the history."""
    line = line_of(request, pk)
    form = CorrectionForm(request.POST or None, line=line)
    if request.method == "POST" and form.are_valid():
        try:
            correct_receptions(by=request.user, line=line, correction=form.correction())
        except SupplyError as refusal:
            form.add_error(CORRECTED.get(refusal.field), str(refusal))
        else:
            messages.success(request, f"La réception de {line.recipient} est corrigée.")
            return redirect("vaccines:supply")
    is_refused = bool(form.errors or any(one.errors for one in form.parts))
    context = {
        "above": [(TITLE, reverse("vaccines:supply"))],
        "line": line,
        "form": form,
        "expected": expected_doses(line),
        "kept": receptions_kept(line),
    }
    return render(request, "vaccines/correct.html", context, status=422 if is_refused else 200)
