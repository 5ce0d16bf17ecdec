"""The mails about an order sent: what its warehouse says of it, a claim and its answer.

Each is queued in the transaction of what it tells, and says no more than its page.
"""

from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from accounts.models import Domain, Habilitation, Profile, Role
from accounts.notices.mails import render
from accounts.notices.sealed import queue_written
from establishments.models import AdministrativeBody
from orders.models import Claim, Order, Shipment
from orders.quotas.letters import ordering_addresses

ANSWERING: Final = (Role.LOGISTICS, Role.SUPPLIER)


def tell_shipment(shipment: Shipment) -> None:
    """To the place: what left, when it comes, the numbers to follow it by. Once a shipment."""
    order = shipment.order
    lines = shipment.lines.select_related("line__product")
    words = {
        "shipment": shipment,
        "order": order,
        "lines": [(one.line.product, one.quantity) for one in lines],
        "parcels": [one.number for one in shipment.parcels.all()],
        "link": page_of("orders:order", order.pk),
    }
    _queue("notices/order_shipped.txt", words, addresses_of_place(order))


def tell_less(order: Order, said: str) -> None:
    """To the place: its warehouse serves less than was ordered, or nothing."""
    words = {"order": order, "said": said, "link": page_of("orders:order", order.pk)}
    _queue("notices/order_less.txt", words, addresses_of_place(order))


def tell_stop_answer(order: Order, said: str) -> None:
    """To the place: whether the order it asked to stop could be."""
    words = {"order": order, "said": said, "link": page_of("orders:order", order.pk)}
    _queue("notices/order_stop_answered.txt", words, addresses_of_place(order))


def tell_claim(claim: Claim, text: str) -> None:
    """To who answers: the warehouse once the order is there, else the national cell."""
    words = {"claim": claim, "text": text, "link": page_of("orders:claim", claim.pk)}
    _queue("notices/claim_opened.txt", words, addresses_of_answerers(claim))


def tell_answer(claim: Claim, text: str) -> None:
    """To who opened the claim, and to who ordered."""
    words = {"claim": claim, "text": text, "link": page_of("orders:claim", claim.pk)}
    people = [claim.opened_by.email, *addresses_of_place(claim.order)]
    _queue("notices/claim_answered.txt", words, people)


def addresses_of_place(order: Order) -> list[str]:
    """Who ordered; for what the national cell pushed, those who order for the place."""
    if order.kind == Order.Kind.PUSHED and order.beneficiary:
        return ordering_addresses([order.beneficiary])[order.beneficiary.pk]
    return [order.profile.mail_address if order.profile else order.created_by.email]


def addresses_of_answerers(claim: Claim) -> list[str]:
    """Of the people in force of the warehouse; where it has nobody, of the national cell."""
    order = claim.order
    rights = Habilitation.objects.in_force().filter(
        domain=Domain.DISTRILOG,
        profile__state=Profile.State.ACTIVE,
        profile__user__is_active=True,
    )
    own = Q(role__in=ANSWERING, profile__body=order.operator_id)
    cell = Q(role=Role.NATIONAL_CELL, profile__body__kind=AdministrativeBody.Kind.NATIONAL)
    for asked in (own, cell) if order.exported_at else (cell,):
        found = rights.filter(asked).values_list("profile__user__email", flat=True)
        if addresses := sorted(set(found)):
            return addresses
    return []


def page_of(name: str, pk: int) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[pk])}"


def _queue(template: str, words: dict[str, Any], addresses: list[str]) -> None:
    subject, _, body = render(template, words).strip().partition("\n")
    text = render("notices/frame.txt", {**words, "body": body.strip()})
    for address in dict.fromkeys(filter(None, addresses)):
        queue_written(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", text.strip(), address)
