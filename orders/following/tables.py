"""The list of orders, declared once for its page and its file."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from common.numbers import format_integer
from common.templatetags.presentation import day
from orders.following.looks import LATE, badge, days_late, is_late
from orders.models import Order, OrderLine


def orders_table(today: date) -> Table:
    """What a place, a territory or a warehouse follows: nothing here is of a quota or a person."""

    def expected_cell(row: Order) -> SafeString | str:
        if row.expected_on is None:
            return "–"
        if not is_late(row, today):
            return day(row.expected_on)
        late = format_html(LATE, days_late(row.expected_on, today))
        return format_html("{} {}", day(row.expected_on), late)

    columns = [
        Column("Commande", lambda row: row.number, _number_cell),
        Column("Établissement", lambda row: str(row.holder), _place_cell, is_wide=True),
        Column("FINESS", finess_of, _nothing, under=True),
        Column("Département", department_of, _nothing, under=True),
        Column("Transmise le", lambda row: row.submitted_at, _day_cell),
        Column("Semaine du", lambda row: row.week, _nothing, under=True),
        Column("Produits", products_text, _products_cell, is_wide=True),
        Column("Commandé", lambda row: _sum(row, "quantity"), _count("quantity"), is_number=True),
        Column("Expédié", lambda row: _sum(row, "shipped"), _count("shipped"), is_number=True),
        Column("Reçu", lambda row: _sum(row, "received"), _count("received"), is_number=True),
        Column("Servie par", served_by, _nothing, under=True),
        Column("Livraison prévue", lambda row: row.expected_on, expected_cell),
        Column("En retard", lambda row: is_late(row, today), _nothing, under=True),
        Column("État", lambda row: row.get_state_display(), _state_cell),
        Column("Réceptionnée le", lambda row: row.received_at, _nothing, under=True),
    ]
    return Table("commandes", "Commandes", columns)


def _nothing(row: Order) -> str:
    """In the file alone: the page says it elsewhere."""
    return ""


def _number_cell(row: Order) -> SafeString:
    return format_html(
        '<a class="app-nb" href="{}">{}</a>', reverse("orders:order", args=[row.pk]), row.number
    )


def _day_cell(row: Order) -> str:
    return day(row.submitted_at)


def _state_cell(row: Order) -> SafeString:
    """A delivery that nobody told received is not over."""
    if row.received_at is not None:
        return format_html("{}" + UNDER, badge(row), f"réceptionnée le {day(row.received_at)}")
    if row.state == Order.State.DELIVERED:
        return format_html("{}" + UNDER, badge(row), "à réceptionner")
    return badge(row)


def _place_cell(row: Order) -> SafeString:
    under = " · ".join(filter(None, [finess_text(row), served_by(row)]))
    return format_html("{}" + UNDER, str(row.holder), under)


def finess_of(row: Order) -> str:
    return row.beneficiary.finess if row.beneficiary else ""


def finess_text(row: Order) -> str:
    return str(row.beneficiary.place.finess_text) if row.beneficiary else "pot commun"


def department_of(row: Order) -> str:
    return str(row.beneficiary.department or "") if row.beneficiary else ""


def served_by(row: Order) -> str:
    return str(row.platform or row.operator or "")


def products_text(row: Order) -> str:
    return ", ".join(f"{one.product} ({one.quantity})" for one in row.lines.all())


def _products_cell(row: Order) -> str:
    lines: list[OrderLine] = list(row.lines.all())
    names = list(dict.fromkeys(one.product.label for one in lines))
    return ", ".join(names[:3]) + (f" et {len(names) - 3}\u00a0autres" if len(names) > 3 else "")


def _sum(row: Order, name: str) -> int | None:
    """Units; nothing told is blank, not 0."""
    values = [getattr(one, name) for one in row.lines.all()]
    told = [one for one in values if one is not None]
    return sum(told) if told else None


def _count(name: str) -> Any:
    def cell(row: Order) -> str:
        value = _sum(row, name)
        return "–" if value is None else format_integer(value)

    return cell
