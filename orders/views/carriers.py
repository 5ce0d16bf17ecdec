"""Where each carrier shows its parcels."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.models import Carrier
from orders.services.carriers import CarrierError, describe_carrier
from orders.views.following import trail


class CarrierForm(forms.Form):
    """A carrier already known is changed, another is added."""

    nom = forms.CharField(
        label="Transporteur",
        help_text="Comme l’entrepôt l’écrit dans ses comptes rendus.",
        max_length=60,
    )
    suivi = forms.CharField(
        label="Adresse de suivi",
        help_text="Où {number} sera le numéro du colis. Vide\u00a0: pas de lien.",
        max_length=200,
        required=False,
    )


@allows(Action.ROUTE_WRITE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def carriers(request: HttpRequest) -> HttpResponse:
    form = CarrierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            done = describe_carrier(by=request.user, name=typed["nom"], tracking=typed["suivi"])
        except CarrierError as refusal:
            form.add_error("suivi", str(refusal))
        else:
            messages.success(request, f"Le suivi de {done} est enregistré.")
            return redirect("orders:carriers")
    context = {"above": trail(), "form": form, "carriers": Carrier.objects.all()}
    status = 422 if form.errors else 200
    return render(request, "orders/following/carriers.html", context, status=status)
