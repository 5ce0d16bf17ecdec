"""A queryset of establishments for the statements written by hand."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from establishments.models import Establishment


def places_sql(rows: QuerySet[Establishment]) -> tuple[str, dict[str, Any]]:
    """Their numbers as an array read in the statement: a region has 13,000 places."""
    try:
        sql, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "ARRAY[]::bigint[]", {}
    names = [f"place_{number}" for number in range(len(values))]
    marks = tuple(f"%({name})s" for name in names)
    return f"ARRAY({sql % marks})", dict(zip(names, values, strict=True))


def within_sql(rows: QuerySet[Establishment]) -> tuple[str, dict[str, Any]]:
    """The condition on ``site`` and its parameters."""
    places, parameters = places_sql(rows)
    return f"site.id = ANY({places})", parameters
