"""``pk__among=numbers``: as ``pk__in``, for hundreds of numbers sent as one array.

Django writes and copies ``pk__in`` number by number, at each statement built from it.
"""

from functools import lru_cache
from typing import Any

from django.db.models import BigAutoField, Lookup


@lru_cache(maxsize=32)
def _written(numbers: frozenset[int]) -> str:
    """The array as PostgreSQL reads it: one statement often holds the same numbers several times.

    A list would be written number by number.
    """
    return f"{{{','.join(map(str, sorted(numbers)))}}}"


@BigAutoField.register_lookup
class Among(Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", (*parameters, _written(frozenset(self.rhs)))
