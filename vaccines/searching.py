"""Lines found by what a person types of their recipient or of their pharmacy."""

from typing import Any, Final

from django.db.models import Q

from establishments.models.search import search_condition

PLACES: Final = ("recipient", "pui__establishment")


def lines_named(text: str) -> Q:
    """The words or the number of the recipient or of the site of the pharmacy, or its label.

    Asked of the lines that one reaches, joined to their places: the whole directory has far more.
    """
    condition = search_condition(text)
    if not condition.children or condition == Q(pk__in=[]):
        return Q(pk__in=[])
    found = Q(pui__label__icontains=text.strip())
    for place in PLACES:
        found |= _at(place, condition)
    return found


def _at(path: str, condition: Q) -> Q:
    """The same condition, of the rows that ``path`` leads to."""
    children: list[Any] = [
        _at(path, one) if isinstance(one, Q) else (f"{path}__{one[0]}", one[1])
        for one in condition.children
    ]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)
