"""The mails of a request: to the ARS, then to who asked."""

from django.urls import reverse

from accounts.agencies import agency_addresses
from accounts.notices.aid import write_to
from common.numbers import format_integer
from orders.models import ReliefRequest
from orders.relief.situation import Situation


def tell_agency(row: ReliefRequest, situation: Situation) -> None:
    write_to(
        agency_addresses(row.beneficiary.region),
        subject=f"Demande de dépannage\u00a0: {row.item}, {row.site}",
        lines=(
            f"{row.site} demande {format_integer(row.quantity)} unités ({row.item}).",
            f"Motif\u00a0: {row.reason}",
            f"Couverture\u00a0: {situation.cover_text}. {situation.declared_text}",
            f"Contingent\u00a0: {situation.quota_text}",
        ),
        path=address_of(row),
    )


def tell_answer(row: ReliefRequest, text: str) -> None:
    to = row.profile.mail_address if row.profile else row.asked_by.email
    write_to(
        [to],
        subject=f"Réponse à votre demande de dépannage\u00a0: {row.item}",
        lines=tuple(dict.fromkeys(filter(None, (f"L’ARS vous répond\u00a0: {text}", row.answer)))),
        path=address_of(row),
    )


def tell_received(row: ReliefRequest, text: str) -> None:
    """To who ordered for the establishment: they receive the order in its place."""
    if row.answered_by is None:
        return
    write_to(
        [row.answered_by.email],
        subject=f"Dépannage reçu\u00a0: {row.item}, {row.site}",
        lines=(text, f"Commande {row.order}\u00a0: réceptionnez-la sur sa page."),
        path=address_of(row),
    )


def address_of(row: ReliefRequest) -> str:
    return reverse("orders:relief_request", args=[row.pk])
