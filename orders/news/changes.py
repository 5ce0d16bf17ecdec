"""Quotas that changed, and what happened to one's orders, by others."""

from datetime import datetime
from typing import Final

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from common.home import Change
from common.numbers import format_integer
from common.weeks import current_week, shift
from establishments.perimeter import Action
from orders.models import Order, OrderStep, Quota

MOST: Final = 60


def quota_changes(user: User, since: datetime) -> list[Change]:
    """« Votre contingent de surblouses passe de 160 à 200 par semaine. »; a renewal is silent."""
    held = user.perimeter_to(Action.ORD_QUOTA_READ)
    if held.is_national or held.region_codes or not held:
        return []
    before = Quota.objects.filter(
        beneficiary=OuterRef("beneficiary"), item=OuterRef("item"), week__lt=OuterRef("week")
    )
    rows = Quota.objects.for_user(user, to=Action.ORD_QUOTA_READ).filter(
        allocation__published_at__gt=since,
        week__range=(current_week(), shift(current_week(), 1)),
    )
    told = rows.annotate(before=Subquery(before.order_by("-week").values("granted")[:1])).filter(
        Q(before=None) | ~Q(before=F("granted"))
    )
    named = told.select_related("item", "allocation").order_by("-allocation__published_at", "pk")
    return [_quota_change(one) for one in named[:MOST]]


def _quota_change(row: Quota) -> Change:
    item = row.item.plural
    name = f"{item[0].lower()}{item[1:]}"
    url = reverse("orders:quota", args=[row.pk])
    if row.before is None:
        words = "Votre contingent de <strong>{}</strong> est de {} unités, semaine du {}."
        text = format_html(words, name, format_integer(row.granted), f"{row.week:%d/%m}")
    else:
        words = "Votre contingent de <strong>{}</strong> passe de {} à {} par semaine, dès le {}."
        numbers = format_integer(row.before), format_integer(row.granted)
        text = format_html(words, name, *numbers, f"{row.week:%d/%m}")
    return Change(row.allocation.published_at, text, url, "Voir le calcul")


def order_changes(user: User, since: datetime) -> list[Change]:
    """The last that a warehouse, the national cell or a colleague did to each of one's orders."""
    if not user.may(Action.ORD_READ):
        return []
    rows = OrderStep.objects.held_by(user, to=Action.ORD_READ).filter(
        Q(by=None) | ~Q(by=user), at__gt=since
    )
    drafts = rows.exclude(order__state=Order.State.DRAFT).select_related("order", "by")
    last: dict[int, OrderStep] = {}
    for step in drafts.order_by("-at", "-pk")[:MOST]:
        last.setdefault(step.order_id, step)
    return [_order_change(one) for one in last.values()]


def _order_change(step: OrderStep) -> Change:
    who = f"{step.by or step.author}, " if step.by or step.author else ""
    text = format_html(
        "{}commande <strong>{}</strong>\u00a0: {}", who, step.order.number, _ended(step.text)
    )
    return Change(step.at, text, reverse("orders:order", args=[step.order_id]), "Suivre")


def _ended(text: str) -> str:
    """A sentence inside another, with its full stop."""
    inside = f"{text[0].lower()}{text[1:]}" if text else text
    return inside if inside.endswith((".", "?")) else f"{inside}."
