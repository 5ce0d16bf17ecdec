"""The table of late pharmacies, for the page and for the file."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.columns import Column, Table
from pui.region.contacts import own_contact
from pui.region.donor_table import name_cell
from pui.region.late import LatePui
from pui.region.tables import moment, pui_columns

NO_ADMINISTRATOR = "aucun APE"


def late_table(*, may_remind: bool, may_appoint: bool, slug: str) -> Table:
    """``may_appoint``: the reader names APEs, and a pharmacy without one says so with a link."""
    columns = [
        Column("PUI", lambda row: row.pui.label, lambda row: name_cell(row.pui)),
        *pui_columns(lambda row: row.pui),
        Column(
            "Dernière échéance déclarée",
            lambda row: row.freshness.declared_on,
            lambda row: _declared_text(row),
        ),
        Column("État", lambda row: row.freshness.text),
        Column("Qui appeler", contact_text, _contact_cell(may_appoint), is_wide=True),
        Column(
            "Dernière relance",
            lambda row: row.reminded_at,
            lambda row: moment(row.reminded_at) if row.reminded_at else "aucune",
        ),
    ]
    if may_remind:
        columns.append(Column("Relance", _remind_value, lambda row: _remind_cell(row, slug)))
    return Table("retards", "PUI en retard", columns)


def _declared_text(row: LatePui) -> str:
    day = row.freshness.declared_on
    return f"{day:%d/%m/%Y}" if day else "aucune"


def contact_text(row: LatePui) -> str:
    known = [own_contact(row.pui), *map(str, row.people)]
    if not row.has_administrator:
        known.append(NO_ADMINISTRATOR)
    return "\u00a0; ".join(filter(None, known))


def _contact_cell(may_appoint: bool) -> Callable[[LatePui], SafeString]:
    def cell(row: LatePui) -> SafeString:
        lines = [(one,) for one in filter(None, [own_contact(row.pui), *map(str, row.people)])]
        known = format_html_join("", '<span class="app-sous">{}</span>', lines)
        if row.has_administrator:
            return known
        return format_html('{}<span class="app-sous">{}</span>', known, _appoint(row, may_appoint))

    return cell


def _appoint(row: LatePui, may_appoint: bool) -> SafeString | str:
    if not may_appoint:
        return f"{NO_ADMINISTRATOR}\u00a0: l’ARS en nomme un"
    return format_html(
        '<a href="{}?recherche={}">Nommer un APE<span class="fr-sr-only"> pour {}</span></a>',
        reverse("plage:ape"),
        row.pui.establishment.finess,
        row.pui.label,
    )


def _remind_value(row: LatePui) -> str:
    """What the cell says without a link, for the file."""
    if row.is_reminded_today:
        return "relancée aujourd’hui"
    return "possible" if row.recipients else "aucune adresse de courriel"


def _remind_cell(row: LatePui, slug: str) -> Any:
    if not row.may_be_reminded:
        return _remind_value(row)
    return format_html(
        '<a class="fr-btn fr-btn--sm fr-btn--secondary" href="{}?liste={}&amp;pui={}">Relancer'
        '<span class="fr-sr-only"> {}</span></a>',
        reverse("pui:remind"),
        slug,
        row.pui.pk,
        row.pui.label,
    )
