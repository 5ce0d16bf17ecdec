"""How a view reaches a row: outside the perimeter it does not exist, inside a right may be lacking.

site = get_in_perimeter(Establishment.objects.all(), user, to=Action.EPI_READ, finess=finess)
require(user, Action.EPI_WRITE, site)
"""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404

from accounts.models import User
from establishments.perimeter import Action, PerimeterQuerySet


def get_in_perimeter(
    queryset: PerimeterQuerySet, user: User, *, to: Action, **lookup: Any
) -> models.Model:
    """Return the row that ``user`` may reach for ``to``, else 404 as for one that never existed."""
    try:
        row: models.Model = queryset.for_user(user, to=to).get(**lookup)
    except queryset.model.DoesNotExist:
        raise Http404 from None
    return row


def require(user: User, action: Action, row: models.Model) -> None:
    """Raise PermissionDenied, with the sentence to show, when ``action`` does not reach ``row``."""
    if not can(user, action, row):
        raise PermissionDenied(f"Votre habilitation ne vous permet pas de {action.label} ici.")


def can(user: User, action: Action, row: models.Model) -> bool:
    """Tell whether ``user`` may do ``action`` on ``row``: to offer a button, or to refuse."""
    rows = cast(PerimeterQuerySet, type(row)._default_manager.all())
    return bool(rows.for_user(user, to=action).filter(pk=row.pk).exists())
