"""The start page of Distrilog-Santé: what each role finds there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from establishments.access import allows
from establishments.perimeter import Action
from orders.entries import entries_of


@allows(Action.ORD_QUOTA_READ, Action.ORD_READ, Action.IF_GET, Action.IF_META)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/start.html", {"entries": list(entries_of(request.user))})
