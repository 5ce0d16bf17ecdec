"""What the pages of the register share: the pharmacy within reach, and where one is."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.lookups import get_in_perimeter, require
from establishments.perimeter import Action
from pui.models import Pui

Trail = list[tuple[str, str]]


def pui_of(request: HttpRequest, pk: int, *, to: Action = Action.PUI_READ) -> Pui:
    """The pharmacy, read: out of reach it does not exist; ``to`` is what one came to do."""
    rows = Pui.objects.select_related(
        "establishment__legal_entity", "establishment__category", "establishment__region"
    )
    found: Pui = get_in_perimeter(rows, request.user, to=Action.PUI_READ, pk=pk)
    if to != Action.PUI_READ:
        require(request.user, to, found)
    return found


def trail(pui: Pui | None = None) -> Trail:
    """The pages above, below « e-Dispostock »."""
    above = [("PUI", reverse("pui:register"))]
    if pui is not None:
        above.append((pui.label, reverse("pui:detail", args=[pui.pk])))
    return above
