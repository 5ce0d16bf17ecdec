"""``pk__among=numbers``: as ``pk__in``, for hundreds of numbers sent as one array.

Django writes and copies ``pk__in`` number by number, at each statement built from it.
"""

from typing import Any

from django.db.models import BigAutoField, Lookup


@BigAutoField.register_lookup
class Among(Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        numbers = ",".join(map(str, sorted(self.rhs)))  # a list would be written number by number
        return f"{column} = ANY(%s::bigint[])", (*parameters, f"{{{numbers}}}")
