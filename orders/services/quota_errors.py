"""What the services of quotas refuse, in a sentence for the person."""

from orders.models import Allocation
from orders.services.errors import OrderingError


class AllocationError(OrderingError):
    """A share-out cannot be changed, proposed or published as asked."""


class ChangedMeanwhileError(AllocationError):
    """A colleague changed the share-out since the page was shown; ``row`` is what counts now."""

    def __init__(self, row: Allocation) -> None:
        who = row.edited_by or "Un collègue"
        super().__init__(
            f"{who} vient de modifier cette répartition\u00a0: ce qui compte maintenant est écrit "
            "au-dessus. Relisez, puis enregistrez de nouveau."
        )
        self.row = row
