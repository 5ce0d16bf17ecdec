"""« Entraide »: the needs and transfers of medicines and of equipment, in one place."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from epi_stocks.aid.trade import PART as EQUIPMENT
from establishments.access import allows
from establishments.perimeter import Action
from establishments.redistribution.parts import PER_PAGE, Part, Rows, Shown
from establishments.region_filter import RegionFilter
from pui.aid.trade import PART as MEDICINES

PARTS: Sequence[Part] = (MEDICINES, EQUIPMENT)


@allows(Action.AID_ASK, Action.AID_PROPOSE, Action.AID_ACCEPT)
@require_safe
def aid(request: HttpRequest) -> HttpResponse:
    """The tab asked for, else the first where something waits."""
    mine = [one for one in PARTS if one.is_shown_to(request.user)]
    tabs = [(one, one.waiting(request.user)) for one in mine]
    asked = request.GET.get("onglet", "")
    waiting = [one for one, count in tabs if count]
    part = next((one for one in mine if one.key == asked), None) or next(
        iter([*waiting, *mine]), None
    )
    context: dict[str, Any] = {"tabs": tabs, "part": part, "help_url": help_url(request)}
    if part:
        context |= shown(request, part, region_asked(request))
    return render(request, "aid/home.html", context)


def help_url(request: HttpRequest) -> str:
    """« Demander de l’aide » for a medicine, for those who may and have no menu that leads there:
    the operators of the protective equipment hold ``aid.ask`` too."""
    may_ask = request.user.may(Action.AID_ASK)
    return reverse("pui:help") if may_ask and not MEDICINES.is_shown_to(request.user) else ""


def region_asked(request: HttpRequest) -> RegionFilter:
    """The country looks at one region; the others have theirs alone."""
    held = request.user.perimeter_to(Action.AID_PROPOSE)
    return RegionFilter(request.GET, is_country=held.is_national)


def shown(request: HttpRequest, part: Part, form: RegionFilter) -> dict[str, Any]:
    states = Shown.ENDED if request.GET.get("etat") == Shown.ENDED else Shown.CURRENT
    needs_page, transfers_page = page_of(request, "besoins"), page_of(request, "transferts")
    before = PER_PAGE * (needs_page - 1), PER_PAGE * (transfers_page - 1)
    needs = part.needs_for(request.user, states, before[0], region=form.code)
    transfers = part.transfers_for(request.user, states, before[1], region=form.code)
    return {
        "form": form,
        "shown": states,
        "states": [(Shown.CURRENT, "En cours"), (Shown.ENDED, "Terminés")],
        "needs": needs,
        "transfers": transfers,
        "open_url": part.open_url(request.user),
        "propose_url": part.propose_url(request.user),
        "needs_pages": pages(request, "besoins", needs_page, needs),
        "transfers_pages": pages(request, "transferts", transfers_page, transfers),
    }


def page_of(request: HttpRequest, name: str) -> int:
    asked = request.GET.get(name, "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def pages(request: HttpRequest, name: str, number: int, rows: Rows[Any]) -> dict[str, Any]:
    """Where the pages before and after are; empty at an end."""
    last = max(1, -(-rows.count // PER_PAGE))

    def address(page: int) -> str:
        query = request.GET.copy()
        query[name] = str(page)
        return f"?{query.urlencode()}"

    return {
        "number": number,
        "last": last,
        "previous": address(number - 1) if number > 1 else "",
        "next": address(number + 1) if number < last else "",
    }
