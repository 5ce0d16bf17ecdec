"""The establishments and legal entities that a search over the platform finds."""

from urllib.parse import urlencode

from django.urls import reverse

from common.identifiers import format_finess
from common.search import Group, Hit
from establishments.finding import PER_GROUP, READ, alike, is_long_enough, stems
from establishments.models import Establishment, LegalEntity
from establishments.models.directory import DirectoryQuerySet, FinessRow
from establishments.models.search import plain_words
from establishments.perimeter import Action, Holder, Perimeter

ORDER = 10
# What tells where somebody works; who looks at the country has no place nearer than another.
WORKS = (
    Action.DASH_EPI,
    Action.DASH_MED,
    Action.EPI_READ,
    Action.MED_READ,
    Action.ORD_READ,
    Action.PUI_READ,
)
FULL = 9  # characters of a FINESS number


def find(user: Holder, text: str) -> list[Group]:
    """By number in any writing, by words of the name and town; else the nearest in spelling.

    One's own places, or those of one's territory, go before those of the country.
    """
    if not user.perimeter_to(Action.REF_READ) or not is_long_enough(text):
        return []
    sites = Establishment.objects.for_user(user, to=Action.REF_READ).open()
    entities = LegalEntity.objects.for_user(user, to=Action.REF_READ).open()
    near = _near(user)
    return [
        *_group("Établissements", sites.select_related("category"), near, text, ORDER),
        *_group("Entités juridiques", entities, near, text, ORDER + 1),
    ]


def _near(user: Holder) -> Perimeter | None:
    """Where one works, when it is not the whole country."""
    held = map(user.perimeter_to, WORKS)
    return next((one for one in held if one and not one.is_national), None)


def _group(
    label: str, rows: DirectoryQuerySet, own: Perimeter | None, text: str, order: int
) -> list[Group]:
    found = _own_first(rows, own, stems(text))
    near = [] if found else alike(rows, text)
    if not found and not near:
        return []
    more = f"{reverse('establishments:search')}?{urlencode({'recherche': text})}"
    is_list = len(found) > PER_GROUP and rows.model is Establishment
    return [
        Group(
            label=label if found else f"{label}, orthographe proche",
            hits=[_hit(one) for one in (found or near)[:PER_GROUP]],
            more_url=more if is_list else "",
            more_label="Voir tous les établissements trouvés" if is_list else "",
            order=order if found else order + 50,
        )
    ]


def _own_first(rows: DirectoryQuerySet, own: Perimeter | None, text: str) -> list[FinessRow]:
    """One's own by their names, then all by their names, then those found by town or number."""
    found: list[FinessRow] = _named(rows.within(own), text) if own else []
    for read in (_named, _found):
        if len(found) < READ:
            found += [one for one in read(rows, text) if one not in found]
    return found[:READ]


def _named(rows: DirectoryQuerySet, text: str) -> list[FinessRow]:
    """Those whose name holds every word."""
    named = rows.search(text)
    for word in text.split():
        named = named.filter(sort_name__contains=word)
    return list(named.order_by("sort_name", "finess")[:READ])


def _found(rows: DirectoryQuerySet, text: str) -> list[FinessRow]:
    return rows.first_found(text, READ)


def _hit(row: FinessRow) -> Hit:
    kind = "ET" if isinstance(row, Establishment) else "EJ"
    category = str(row.category) if isinstance(row, Establishment) else ""
    known = [f"{kind} {format_finess(row.finess)}", category, row.town]
    return Hit(row.name, row.get_absolute_url(), ", ".join(filter(None, known)))


def exact(user: Holder, text: str) -> Hit | None:
    """The place whose whole number was typed, open or closed."""
    number = "".join(plain_words(text)).upper()
    if len(number) != FULL or not user.perimeter_to(Action.REF_READ):
        return None
    for model in (Establishment, LegalEntity):
        rows = model.objects.for_user(user, to=Action.REF_READ)
        if found := rows.filter(finess=number).first():
            return _hit(found)
    return None
