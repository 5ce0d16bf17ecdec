"""The mail that tells an establishment what is pushed to it, without its asking."""

from collections.abc import Sequence

from django.urls import reverse

from accounts.notices.aid import write_to
from common.numbers import format_integer
from orders.models import Order
from orders.quotas.letters import ordering_addresses


def write_pushed(orders: Sequence[int]) -> int:
    """To those who order for each place; say how many places."""
    rows = Order.objects.filter(pk__in=orders).order_by("pk").select_related(
        "beneficiary__establishment", "beneficiary__legal_entity"
    )  # fmt: skip
    found = list(rows.prefetch_related("lines__product"))
    addresses = ordering_addresses(one.beneficiary for one in found)
    for order in found:
        lines = [
            f"{line.product}\u00a0: {format_integer(line.quantity)} unités."
            for line in order.lines.all()
        ]
        write_to(
            addresses[order.beneficiary_id],
            subject=f"Dotation {order.number}\u00a0: elle vous est envoyée sans commande",
            lines=[
                f"La cellule nationale envoie cette dotation à {order.beneficiary}. "
                f"Motif\u00a0: {order.comment}",
                *lines,
                "Elle compte dans votre contingent de la semaine, si vous en avez un. Suivez-la et "
                "dites ce que vous avez reçu, comme pour une commande.",
            ],
            path=reverse("orders:order", args=[order.pk]),
        )
    return len(found)
