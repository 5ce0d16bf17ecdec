"""A proposal that comes back as a draft: who proposed it reads why."""

from django.urls import reverse

from accounts.models import User
from accounts.notices.aid import write_to
from orders.models import Allocation


def tell_return(draft: Allocation, *, to: User, by: User, reason: str) -> None:
    """Queued in the transaction of the decision."""
    write_to(
        [to.email],
        subject=f"{draft.item.plural}\u00a0: votre répartition n’est pas publiée",
        lines=[
            f"{by} l’a rendue en brouillon. Motif\u00a0: {reason}",
            f"Elle compterait à partir de la semaine du {draft.starts_on:%d/%m/%Y}.",
        ],
        path=reverse("orders:allocation", args=[draft.pk]),
    )
