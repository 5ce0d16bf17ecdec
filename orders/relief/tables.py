"""The requests of a territory: one table for the page and for the file."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from common.columns import UNDER, Column, Table
from common.numbers import format_integer
from epi_stocks.tables import badge
from orders.models import ReliefRequest
from orders.relief.situation import kept_situation

State = ReliefRequest.State
KINDS = {
    State.OPEN: "attente",
    State.ORDERED: "ok",
    State.AIDED: "ok",
    State.REFUSED: "erreur",
    State.WITHDRAWN: "attention",
}


def relief_table(*, with_region: bool, is_own: bool = False) -> Table:
    """Who follows a territory reads the sites first; who asks, the equipment."""
    site = Column("Site", lambda row: row.site.name, None if is_own else _site_cell)
    item = Column("Équipement", lambda row: str(row.item), _item_cell if is_own else None)
    department = Column("Dép.", lambda row: row.site.department_id or "")
    region = [Column("Région", lambda row: str(row.beneficiary.region or ""))]
    territory = [site, department, *(region if with_region else []), item]
    first = [item, site] if is_own else territory
    return Table(
        "depannages",
        "Demandes de dépannage",
        [
            *first,
            Column("FINESS", lambda row: row.site.finess, _in_the_file, under=True),
            Column(
                "Demandé (unités)",
                lambda row: row.quantity,
                lambda row: format_integer(row.quantity),
                is_number=True,
            ),
            Column("Couverture (jours)", lambda row: row.cover_days, _cover_cell),
            Column("Motif", lambda row: row.reason, _in_the_file, under=True),
            Column("Demandée le", lambda row: localtime(row.asked_at), _asked_cell),
            Column("État", lambda row: row.standing, state_cell),
            Column("Accordé (unités)", lambda row: row.granted, _in_the_file, under=True),
            Column("Reçu (unités)", lambda row: row.received, _in_the_file, under=True),
            Column("Réponse", lambda row: row.answer, _in_the_file, under=True),
        ],
    )


def _in_the_file(row: Any) -> str:
    return ""


def _site_cell(row: ReliefRequest) -> SafeString:
    url = reverse("orders:relief_request", args=[row.pk])
    hidden = format_html('<span class="fr-sr-only">, {}</span>', row.item)
    return format_html('<a href="{}"><strong>{}</strong>{}</a>', url, row.site.name, hidden)


def _item_cell(row: ReliefRequest) -> SafeString:
    url = reverse("orders:relief_request", args=[row.pk])
    hidden = format_html('<span class="fr-sr-only">, {}</span>', row.site.name)
    return format_html('<a href="{}"><strong>{}</strong>{}</a>', url, row.item, hidden)


def _cover_cell(row: ReliefRequest) -> SafeString:
    found = kept_situation(row.evidence)
    week = f"semaine du {found.week:%d/%m}" if found.week else ""
    return format_html("{} {}" + UNDER, found.cover_text, badge(found.level), week)


def _asked_cell(row: ReliefRequest) -> SafeString:
    day = f"{localtime(row.asked_at):%d/%m/%Y}"
    return format_html('<span class="app-nb">{}</span>' + UNDER, day, row.asked_by)


def state_cell(row: ReliefRequest) -> SafeString:
    words = row.standing
    kind = "attention" if row.is_lost else KINDS[State(row.state)]
    context = {"kind": kind, "text": words[0].upper() + words[1:]}
    shown = SafeString(render_to_string("components/state.html", context).strip())
    if row.granted and not row.is_lost:
        return format_html("{}" + UNDER, shown, f"{format_integer(row.granted)} unités")
    return shown
