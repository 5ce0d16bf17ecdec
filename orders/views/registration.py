"""The first visit: who orders, once for each profile; changed from the same page [003]."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.models import Registration
from orders.registration.forms import RegistrationForm, known_of
from orders.services.errors import OrderingError
from orders.services.registrations import register

NEXT = "suite"


@as_shown
@allows(Action.ORD_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest) -> HttpResponse:
    profile = request.user.active_profile
    row = Registration.objects.filter(profile=profile).first()
    data = request.POST if request.method == "POST" else None
    initial = {} if row else known_of(request.user, profile)
    form = RegistrationForm(data, instance=row, initial=initial)
    if data is not None and form.is_valid():
        try:
            register(by=request.user, profile=profile, told=form.typed())
        except OrderingError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre inscription est enregistrée.")
            return redirect(next_address(request))
    context = {
        "form": form,
        "row": row,
        "profile": profile,
        "next": request.POST.get(NEXT) or request.GET.get(NEXT, ""),
        "back_url": reverse("orders:start"),
    }
    status = 422 if form.errors else 200
    return render(request, "orders/registration/form.html", context, status=status)


def register_first(request: HttpRequest, then: str) -> HttpResponse:
    """The first order of a profile: who orders is asked once, the basket waits [003]."""
    told = "Avant votre première commande, complétez votre inscription\u00a0: le panier est gardé."
    messages.info(request, told)
    return redirect(f"{reverse('orders:registration')}?{NEXT}={quote(then)}")


def next_address(request: HttpRequest) -> str:
    """Where the person was going, on this site alone."""
    asked = request.POST.get(NEXT, "")
    if asked.startswith("/distrilog/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts=None
    ):
        return asked
    return reverse("orders:start")
