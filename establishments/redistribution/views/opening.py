"""« Demander un dépannage »: by who lacks something, or by their ARS."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from establishments.redistribution.forms import NeedForm, PlaceByFiness
from establishments.redistribution.rights import places_to
from establishments.redistribution.services.needs import AidError, open_need
from establishments.redistribution.trade import Trade
from establishments.redistribution.views.context import require, shared

SOON = timedelta(days=2)


@allows(Action.AID_ASK)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest, trade: Trade) -> HttpResponse:
    require(trade, request.user, Action.AID_ASK)
    form = NeedForm(request.POST or None, trade=trade, user=request.user)
    form.initial = initial(request, trade, form)
    if request.method == "POST" and form.is_valid():
        try:
            need = open_need(trade, by=request.user, **form.cleaned_data)
        except AidError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Le besoin est ouvert, l’ARS est prévenue.")
            return redirect(f"{trade.urls}:need", need.pk)
    status = 422 if form.errors else 200
    return render(request, "aid/open.html", {"form": form, **shared(trade)}, status=status)


def initial(request: HttpRequest, trade: Trade, form: NeedForm) -> dict[str, Any]:
    """What the address tells: a request of the app, else the place by its key or its
    establishment, and the goods by theirs."""
    found: dict[str, Any] = {"wanted_on": timezone.localdate() + SOON}
    known = trade.prefilled(request.user, request.GET)
    if known:
        if isinstance(form.fields["place"], PlaceByFiness):
            known["place"] = trade.site_of(known["place"]).finess
        return found | known
    goods, finess = request.GET.get("produit", ""), request.GET.get("finess", "")
    if goods.isdecimal() and len(goods) < 10:
        found["goods"] = int(goods)
    place = request.GET.get("lieu", "")
    if place.isdecimal() and len(place) < 10:
        found["place"] = int(place)
    elif finess and isinstance(form.fields["place"], PlaceByFiness):
        found["place"] = finess[:9]
    elif finess:
        rows = places_to(trade, request.user, Action.AID_ASK)
        found["place"] = rows.filter(**{trade.below_site("finess"): finess[:9]}).first()
    else:
        found["place"] = only_place(form)
    return found


def only_place(form: NeedForm) -> Any:
    """Who asks for a single place does not choose it."""
    field: Any = form.fields["place"]
    rows = list(field.queryset[:2]) if isinstance(field, ModelChoiceField) else []
    return rows[0] if len(rows) == 1 else None
