"""« Demander un dépannage »: by the pharmacy, or by its ARS; prefilled from the donors' page."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from pui.aid.forms import NeedForm, followed_references
from pui.services.aid_needs import AidError, open_need
from pui.views.aid.context import home_url, require_medicines, trail

SOON = timedelta(days=2)


@allows(Action.AID_ASK)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest) -> HttpResponse:
    require_medicines(request, Action.AID_ASK)
    form = NeedForm(request.POST or None, user=request.user, initial=initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            need = open_need(by=request.user, **form.cleaned_data)
        except AidError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Le besoin est ouvert, l’ARS est prévenue.")
            return redirect("aid_medicines:need", need.pk)
    context = {"form": form, "above": trail(), "back": home_url()}
    status = 422 if form.errors else 200
    return render(request, "aid/medicines_open.html", context, status=status)


def initial(request: HttpRequest) -> dict[str, Any]:
    """What the address tells, and the only pharmacy of who has one."""
    found: dict[str, Any] = {"wanted_on": timezone.localdate() + SOON}
    asked = request.GET.get("produit", "").strip()
    if asked:
        found["reference"] = followed_references().filter(label__iexact=asked).first()
    pui = request.GET.get("pui", "")
    if pui.isdigit() and len(pui) < 10:
        found["pui"] = int(pui)
    return found
