"""What the services of a pharmacy refuse, field by field; the rest is saved all the same."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from accounts.models import User
from establishments.perimeter import Action
from vaccines.models import SupplyLine

NOT_YOURS = "Cette ligne n’est plus de votre PUI\u00a0: rechargez la page."


class SupplyError(Exception):
    """Nothing was written. The message is for the person, in French, beside ``field``."""

    def __init__(self, text: str, field: str = "") -> None:
        self.field = field
        super().__init__(text)


@dataclass(slots=True)
class Outcome:
    """What was saved, and by line what was not and why."""

    saved: list[SupplyLine] = field(default_factory=list)
    refused: dict[int, list[SupplyError]] = field(default_factory=lambda: defaultdict(list))


def lock_lines(by: User, pks: Collection[int], *, to: Action) -> Mapping[int, SupplyLine]:
    """The lines that ``by`` may write, always locked in the same order.

    ``no_key``: a need that is saved refers to the delivery it recalls, which a colleague may hold.
    """
    rows = SupplyLine.objects.for_user(by, to=to).filter(pk__in=pks)
    related = ("wave__vaccine", "pui__establishment", "recipient")
    locked = rows.select_for_update(of=("self",), no_key=True).select_related(*related)
    return {one.pk: one for one in locked.order_by("pk")}
