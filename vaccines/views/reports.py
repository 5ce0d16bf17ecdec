"""A line to correct, a question to ask: what a pharmacy writes about its supply."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from vaccines.models import LineReport
from vaccines.needs.contacts import contacts_of
from vaccines.needs.reading import lines_of
from vaccines.needs.reporting import (
    ReportForm,
    asking_pui,
    pharmacies_of,
    reports_of,
    served_by,
)
from vaccines.services.refusals import SupplyError
from vaccines.services.reports import report

MOST = 25
TITLE = "Approvisionnement vaccin COVID"


@allows(Action.VAC_REPORT)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def line_report(request: HttpRequest) -> HttpResponse:
    """« Signaler une ligne manquante, mal affectée ou desservie par une officine »."""
    puis, lines = pharmacies_of(request.user), lines_of(request.user)
    pui = asking_pui(puis, lines, "")
    asked = _asked(request) | {"pui": str(pui.pk) if pui else ""}
    form = ReportForm(request.POST or None, puis=puis, lines=lines, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            report(by=request.user, pui=form.cleaned_data["pui"], reported=form.reported())
        except SupplyError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, "Votre signalement est envoyé à votre ARS et à votre OMEDIT.")
            return redirect("vaccines:report")
    context = _above() | {
        "form": form,
        "puis": puis,
        "served": served_by(puis),
        "reports": reports_of(request.user)[:MOST],
        "contacts": contacts_of(request.user, puis),
    }
    return render(request, "vaccines/report.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The form opened from a line names it."""
    line = request.GET.get("ligne", "")
    found = {"line": line, "kind": LineReport.Kind.MISPLACED} if line else {}
    return found | {"kind": request.GET.get("signalement", found.get("kind", ""))}


@allows(Action.VAC_REPORT)
@require_safe
def question(request: HttpRequest) -> HttpResponse:
    """The support form of the guide is the request for assistance, on its own subject."""
    kept = {name: request.GET[name] for name in ("pui", "destinataire") if name in request.GET}
    asked = urlencode({"sujet": "vaccins", **kept, "de": reverse("vaccines:supply")})
    return redirect(f"{reverse('support:contact_new')}?{asked}")


def _above() -> dict[str, object]:
    return {"above": [(TITLE, reverse("vaccines:supply"))]}
