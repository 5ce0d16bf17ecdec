"""Whose stock is shown, and of which list: one pharmacy, those of an establishment, one's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils import timezone

from accounts.lookups import get_in_perimeter
from accounts.models import User
from common.identifiers import IdentifierError, normalize_finess
from common.numbers import row_number
from establishments.access import refusal
from establishments.models import Establishment
from establishments.models.search import SHORTEST, plain_words
from medications.models import MonitoredList
from pui.models import Pui
from pui.register_table import named
from pui.rights import READ, read_action

MOST_OFFERED = 60  # pharmacies in a drop-down
MOST_FOUND = 30  # of a search
OTHERS = MonitoredList.Slug.OTHERS


@dataclass(frozen=True, slots=True)
class Scope:
    """``offered`` are those among which one chooses, and ``lists`` the lists that one reads;
    ``query`` keeps the choice in addresses."""

    monitored_list: MonitoredList
    lists: Sequence[MonitoredList]
    puis: Sequence[Pui]
    offered: Sequence[Pui]
    title: str
    query: dict[str, str]

    @property
    def is_one(self) -> bool:
        return len(self.puis) == 1

    @property
    def pui(self) -> Pui | None:
        return self.puis[0] if self.is_one else None


def readable_lists(user: User) -> list[MonitoredList]:
    """Those whose stocks the person may read somewhere, in the order of the menu."""
    return [MonitoredList(slug=slug) for slug, action in READ.items() if user.may(action)]


def list_of(user: User, slug: str | None) -> MonitoredList:
    """The list asked for, the first one that the person reads by default; 404 for no list."""
    lists = readable_lists(user)
    if not slug:
        return lists[0]
    if slug not in MonitoredList.Slug.values:
        raise Http404
    found = next((one for one in lists if one.pk == slug), None)
    if found is None:
        raise PermissionDenied(refusal(READ[MonitoredList.Slug(slug)]))
    return found


def query_of(monitored_list: MonitoredList) -> dict[str, str]:
    """What an address says of the list: nothing for the usual one."""
    return {} if monitored_list.pk == OTHERS else {"liste": monitored_list.pk}


def reached(user: User, monitored_list: MonitoredList) -> QuerySet[Pui]:
    """All those whose stocks one may read, with where they are."""
    rows: QuerySet[Pui] = Pui.objects.for_user(user, to=read_action(monitored_list))
    return rows.select_related("establishment__legal_entity").order_by(
        "establishment__sort_name", "sort_label", "pk"
    )


def scope_of(user: User, asked: QueryDict) -> Scope | None:
    """None when one follows a territory and has not chosen yet; out of reach is 404."""
    monitored_list = list_of(user, asked.get("liste"))
    offered = offered_to(user, monitored_list)
    if number := asked.get("pui"):
        pui = pui_of(user, number, monitored_list)
        puis, title, query = [pui], pui.label, {"pui": str(pui.pk)}
    elif finess := asked.get("etablissement"):
        site, puis = whole_establishment(user, finess, monitored_list)
        title, query = f"PUI de {site.name}", {"etablissement": site.finess}
    elif offered:
        title = offered[0].label if len(offered) == 1 else "Toutes vos PUI"
        puis, query = offered, {}
    else:
        return None
    query |= query_of(monitored_list)
    return Scope(monitored_list, readable_lists(user), puis, offered, title, query)


def pui_of(user: User, number: str, monitored_list: MonitoredList) -> Pui:
    rows = Pui.objects.select_related("establishment__legal_entity")
    to = read_action(monitored_list)
    found: Pui = get_in_perimeter(rows, user, to=to, pk=row_number(number))
    return found


def whole_establishment(
    user: User, text: str, monitored_list: MonitoredList
) -> tuple[Establishment, list[Pui]]:
    """A site, and every open pharmacy of it; 404 when it has none."""
    try:
        finess = normalize_finess(text)
    except IdentifierError:
        raise Http404 from None
    to = read_action(monitored_list)
    site: Establishment = get_in_perimeter(Establishment.objects.all(), user, to=to, finess=finess)
    rows = reached(user, monitored_list).open_on(timezone.localdate())
    puis = list(rows.filter(establishment=site))
    if not puis:
        raise Http404
    return site, puis


def holds_territory(user: User, monitored_list: MonitoredList) -> bool:
    perimeter = user.perimeter_to(read_action(monitored_list))
    everywhere = perimeter.is_national or perimeter.operator_ids
    return bool(everywhere or perimeter.region_codes or perimeter.department_codes)


def offered_to(user: User, monitored_list: MonitoredList) -> list[Pui]:
    """The open ones of one's sites; those of a territory are searched instead."""
    if holds_territory(user, monitored_list):
        return []
    return list(reached(user, monitored_list).open_on(timezone.localdate())[:MOST_OFFERED])


def search(user: User, text: str, monitored_list: MonitoredList) -> list[Pui]:
    """The open pharmacies of a territory that a search finds; the first ones without a search."""
    rows = reached(user, monitored_list).open_on(timezone.localdate())
    if sum(map(len, plain_words(text))) >= SHORTEST:
        rows = rows.filter(named(text))
    elif text:
        return []
    return list(rows[:MOST_FOUND])
