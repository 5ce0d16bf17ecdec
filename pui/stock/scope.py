"""Whose stock is shown: one pharmacy, those of an establishment, or those that one holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils import timezone

from accounts.lookups import get_in_perimeter
from accounts.models import User
from common.identifiers import IdentifierError, normalize_finess
from establishments.models import Establishment
from establishments.models.search import SHORTEST, plain_words
from establishments.perimeter import Action
from pui.models import Pui
from pui.register_table import named

MOST_OFFERED = 60  # pharmacies in a drop-down
MOST_FOUND = 30  # of a search
READ = Action.MED_READ


@dataclass(frozen=True, slots=True)
class Scope:
    """``offered`` are those among which one chooses; ``query`` keeps the choice in addresses."""

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


def reached(user: User) -> QuerySet[Pui]:
    """All those whose stocks one may read, with where they are."""
    rows: QuerySet[Pui] = Pui.objects.for_user(user, to=READ)
    return rows.select_related("establishment__legal_entity").order_by(
        "establishment__sort_name", "sort_label", "pk"
    )


def scope_of(user: User, asked: QueryDict) -> Scope | None:
    """None when one follows a territory and has not chosen yet; out of reach is 404."""
    if number := asked.get("pui"):
        pui = pui_of(user, number)
        return Scope([pui], offered_to(user), pui.label, {"pui": str(pui.pk)})
    if finess := asked.get("etablissement"):
        return whole_establishment(user, finess)
    offered = offered_to(user)
    if not offered:
        return None
    title = offered[0].label if len(offered) == 1 else "Toutes vos PUI"
    return Scope(offered, offered, title, {})


def pui_of(user: User, number: str) -> Pui:
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Http404
    rows = Pui.objects.select_related("establishment__legal_entity")
    found: Pui = get_in_perimeter(rows, user, to=READ, pk=int(number))
    return found


def whole_establishment(user: User, text: str) -> Scope:
    """Every open pharmacy of a site."""
    try:
        finess = normalize_finess(text)
    except IdentifierError:
        raise Http404 from None
    site: Establishment = get_in_perimeter(
        Establishment.objects.all(), user, to=READ, finess=finess
    )
    puis = list(reached(user).open_on(timezone.localdate()).filter(establishment=site))
    if not puis:
        raise Http404
    return Scope(puis, offered_to(user), f"PUI de {site.name}", {"etablissement": finess})


def holds_territory(user: User) -> bool:
    perimeter = user.perimeter_to(READ)
    return bool(perimeter.is_national or perimeter.region_codes or perimeter.department_codes)


def offered_to(user: User) -> list[Pui]:
    """The open ones of one's sites; those of a territory are searched instead."""
    if holds_territory(user):
        return []
    return list(reached(user).open_on(timezone.localdate())[:MOST_OFFERED])


def search(user: User, text: str) -> list[Pui]:
    """The open pharmacies of a territory that a search finds; the first ones without a search."""
    rows = reached(user).open_on(timezone.localdate())
    if sum(map(len, plain_words(text))) >= SHORTEST:
        rows = rows.filter(named(text))
    elif text:
        return []
    return list(rows[:MOST_FOUND])
