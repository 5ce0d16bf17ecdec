"""What was transmitted: by one pharmacy, drafts and corrections included, or in a territory."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from common.paging import ShallowPaginator
from establishments.access import allows
from establishments.perimeter import Action
from medications.models import MonitoredList
from pui.models import Pui
from pui.register_table import named
from pui.rights import read_action, write_action
from pui.transmission_forms import HistoryFilter
from pui.views.transmissions.context import (
    READERS,
    WITH_PLACE,
    WRITERS,
    list_of,
    may_reopen,
    pui_among,
    readable,
    trail,
    words_of,
)

PER_PAGE = 25


@allows(*WRITERS, *READERS)
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    return shown_history(request, list_of(request, slug))


def shown_history(request: HttpRequest, monitored_list: MonitoredList) -> HttpResponse:
    """Everything within reach, the latest first, narrowed by what was asked."""
    pui = pui_among(reached_puis(request, monitored_list), request.GET.get("pui"))
    form = HistoryFilter(request.GET)
    rows = readable(request.user, monitored_list).defer("content")
    if pui:
        rows = rows.filter(pui=pui)
    if form.is_valid():
        if text := form.cleaned_data["recherche"]:
            rows = rows.filter(pui__in=Pui.objects.filter(named(text)).order_by().values("pk"))
        if day := form.cleaned_data["echeance"]:
            rows = rows.filter(due_on=day)
    page = ShallowPaginator(rows.order_by("-received_at", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    query = request.GET.copy()
    query.pop("page", None)
    may_write = request.user.may(write_action(monitored_list))
    above = trail(monitored_list, pui) if may_write else []
    context = words_of(monitored_list) | {
        "pui": pui,
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "may_write": may_write,
        "ways": [] if may_write else ways_of(request.user, monitored_list),
        "may_reopen": pui is not None and pui.is_open and may_reopen(request.user, pui),
        "above": above,
        "current": "Historique" if above else trail(monitored_list)[-1][0],
    }
    return render(request, "dispostock/transmission_history.html", context)


def ways_of(user: User, monitored_list: MonitoredList) -> list[tuple[str, str]]:
    """Those who only read want the stocks themselves: the pages of the same list."""
    pages = [("Etat du stock d’une PUI", "pui:state")]
    if user.may(Action.DASH_MED):
        pages = [("Stocks de la région", "pui:region"), ("PUI en retard", "pui:late"), *pages]
    return [(label, f"{reverse(name)}?liste={monitored_list.pk}") for label, name in pages]


def reached_puis(request: HttpRequest, monitored_list: MonitoredList):
    """Those whose transmissions a person reads, closed ones too."""
    rows = Pui.objects.select_related(*WITH_PLACE)
    read = rows.for_user(request.user, to=read_action(monitored_list))
    write = rows.for_user(request.user, to=write_action(monitored_list))
    return rows.filter(pk__in=read.order_by().values("pk")) | rows.filter(
        pk__in=write.order_by().values("pk")
    )
