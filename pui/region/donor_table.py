"""The table of those who can help out, for the page and for the file."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from establishments.redistribution.held import expiring_text, units_text
from pui.models import Pui
from pui.people import Person
from pui.region.contacts import own_contact
from pui.region.donors import Donors, Holding
from pui.region.figures import days_text, quantity_text
from pui.region.tables import pui_columns


def name_cell(pui: Pui) -> SafeString:
    address = reverse("pui:detail", args=[pui.pk])
    return format_html('<a href="{}"><strong>{}</strong></a>', address, pui.label)


def contact_text(pui: Pui, people: Sequence[Person]) -> str:
    """The pharmacy's own contact, then each person."""
    return "\u00a0; ".join(filter(None, [own_contact(pui), *map(str, people)]))


def contact_cell(pui: Pui, people: Sequence[Person]) -> SafeString:
    """The pharmacy's own contact; below it who declares and who administers."""
    lines = [(one,) for one in filter(None, [own_contact(pui), *map(str, people)])]
    if not lines:
        return format_html("{}", "aucun contact\u00a0: appelez l’établissement")
    return format_html_join("", '<span class="app-sous">{}</span>', lines)


DISTANCE = Column("Distance (km)", lambda row: row.distance.km, lambda row: row.distance.text)


def donor_table(found: Donors) -> Table:
    """Distances are told from the pharmacy in need, when there is one."""
    people = found.people
    return Table(
        "depannage",
        "Qui peut dépanner",
        [
            Column("PUI", lambda row: row.pui.label, lambda row: name_cell(row.pui)),
            *pui_columns(lambda row: row.pui),
            Column("UCD de référence", lambda row: row.reference),
            Column(
                "Surplus",
                lambda row: row.surplus,
                surplus_cell,
                is_number=True,
                indicator="surplus",
            ),
            *([DISTANCE] if found.is_placed else []),
            Column(
                "Péremption la plus proche",
                lambda row: row.held.nearest_expiry,
                lambda row: "",
                under=True,
            ),
            Column(
                "Périme trop tôt, hors du surplus",
                lambda row: row.held.expiring or None,
                lambda row: "",
                under=True,
            ),
            Column("Déjà promis", lambda row: row.held.promised, lambda row: "", under=True),
            Column("Stock", lambda row: row.stock, lambda row: "", under=True),
            Column("Conso / jour", lambda row: row.daily, lambda row: "", under=True),
            Column("Couverture (jours)", lambda row: row.days, cover_cell, is_number=True),
            Column(
                "Qui appeler",
                lambda row: contact_text(row.pui, people.get(row.pui.pk, [])),
                lambda row: contact_cell(row.pui, people.get(row.pui.pk, [])),
                is_wide=True,
            ),
        ],
    )


def cover_cell(row: Holding) -> SafeString:
    """« 60,8 j », and below what it comes from."""
    parts = f"{quantity_text(row.stock)} ÷ {quantity_text(row.daily)} par jour"
    return format_html("{}" + UNDER, days_text(row.days, row.level), parts)


def surplus_cell(row: Holding) -> SafeString:
    """What may be given; below, until when it is good, and what is left out as too near its end."""
    expiry = row.held.nearest_expiry
    good = f"péremption le {expiry:%d/%m/%Y}" if expiry else "péremption non déclarée"
    below = ", ".join(filter(None, (good, expiring_text(row.held))))
    return format_html("{}" + UNDER, surplus_text(row), below)


def surplus_text(row: Holding) -> str:
    """« 1 200 ampoules », and what is already promised to others."""
    said = units_text(row.surplus, row.held.unit)
    promised = row.held.promised
    return f"{said} ({promised} promises en plus)" if promised else said
