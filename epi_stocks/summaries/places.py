"""A queryset of establishments as a condition on ``site``, for the statements written by hand."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from establishments.models import Establishment


def within_sql(rows: QuerySet[Establishment]) -> tuple[str, dict[str, Any]]:
    """The condition and its parameters: never a list of numbers, a region has 13,000 places."""
    try:
        sql, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "false", {}
    names = [f"place_{number}" for number in range(len(values))]
    marks = tuple(f"%({name})s" for name in names)
    return f"site.id = ANY(ARRAY({sql % marks}))", dict(zip(names, values, strict=True))
