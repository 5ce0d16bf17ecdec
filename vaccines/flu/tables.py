"""The table of those who follow a season, declared once for the page and for the file."""

from collections.abc import Callable, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from common.numbers import format_integer
from establishments.models import Establishment
from pui.region.donor_table import contact_cell, contact_text
from pui.region.figures import quantity_text
from pui.stock.table import badge
from vaccines.flu.filters import PUI, ROW_LABELS
from vaccines.flu.following import Row, Season
from vaccines.models import TargetGroup

DASH = "–"


def follow_table(
    season: Season, *, rows: str, groups: Sequence[TargetGroup] | None = None
) -> Table:
    """``groups`` asks for the needs of each; without, deliveries and stocks."""
    columns = [*_begun(rows), *([_group_column(one) for one in groups] if groups else [])]
    columns.append(Column("Besoin", lambda row: row.figures.need, number("need"), is_number=True))
    columns += _last(season)
    if groups is None:
        columns += _deliveries(rows)
        columns += STOCKS if season.has_stock else []
    if rows == PUI:
        columns.append(Column("Commentaire", lambda row: row.comment, _in_the_file, under=True))
    return Table("grippe", title_of(season), columns)


def missing_table(season: Season) -> Table:
    """Those that did not ask: what they asked last season, and whom to call."""
    contact = Column("Qui appeler", _contact_text, _contact_cell, is_wide=True)
    return Table("grippe", title_of(season), [*_begun(PUI), *_last(season), contact])


def title_of(season: Season) -> str:
    return f"Vaccins grippe {season.campaign.season}"


def _begun(rows: str) -> list[Column]:
    """Who, where, and whether they asked."""
    label = "Demande" if rows == PUI else "Demandes faites"
    return [
        Column(ROW_LABELS[rows], lambda row: row.name, _name_cell),
        *_places(rows),
        Column(label, _standing, _state_cell),
    ]


def _last(season: Season) -> list[Column]:
    if season.before is None:
        return []
    header = f"Besoin {season.before.season}"
    need = number("last_need")
    return [Column(header, lambda row: row.figures.last_need, need, is_number=True)]


def _places(rows: str) -> list[Column]:
    if rows != PUI:
        return [Column("Code", lambda row: row.code, under=True)]
    return [
        Column("Site", _of_site(lambda site: site.name), under=True),
        Column(
            "FINESS du site",
            _of_site(lambda site: site.finess),
            _of_site(lambda site: site.finess_text),
            under=True,
        ),
        Column("Région", _of_site(lambda site: site.region or ""), _in_the_file, under=True),
        Column("Dép.", _of_site(lambda site: site.department_id or "")),
    ]


def _of_site(told: Callable[[Establishment], Any]) -> Callable[[Row], str]:
    """The line of the whole has no site."""
    return lambda row: str(told(row.pui.establishment)) if row.pui else ""


def _in_the_file(row: Row) -> str:
    """Nothing on the page."""
    return ""


def _group_column(group: TargetGroup) -> Column:
    return Column(
        group.label,
        lambda row: row.figures.needs.get(group.pk),
        lambda row: shown(row.figures.needs.get(group.pk)),
        is_number=True,
    )


def shown(number: int | None) -> str:
    return DASH if number is None else format_integer(number)


def number(name: str) -> Callable[[Any], str]:
    return lambda row: shown(getattr(row.figures, name))


def _name_cell(row: Row) -> SafeString:
    if not row.url:
        return format_html("<strong>{}</strong>", row.name)
    return format_html('<a href="{}"><strong>{}</strong></a>', row.url, row.name)


def _standing(row: Row) -> str:
    return row.standing


def _state_cell(row: Row) -> SafeString | str:
    """A late one is seen among the others; a date is never cut; a comment is to be read."""
    if row.is_late:
        context = {"kind": "erreur", "text": row.standing}
        return SafeString(render_to_string("components/state.html", context).strip())
    said, _, last = row.standing.rpartition(" ")
    shown = format_html('{} <span class="app-nb">{}</span>', said, last)
    return format_html("{}" + UNDER, shown, "avec un commentaire") if row.comment else shown


def _stock_cell(row: Row) -> str:
    stock = row.figures.stock.stock
    return DASH if stock is None else quantity_text(stock)


def _cover_cell(row: Row) -> SafeString | str:
    """« 12,4 j », its class, and what it comes from."""
    sums = row.figures.stock
    if sums.stock is None:
        return "non déclaré"
    parts = f"{quantity_text(sums.daily)} par jour"
    return format_html("{} {}" + UNDER, sums.days_text, badge(sums.level), parts)


def _contact_text(row: Row) -> str:
    return contact_text(row.pui, row.people) if row.pui else ""


def _contact_cell(row: Row) -> SafeString | str:
    return contact_cell(row.pui, row.people) if row.pui else ""


def _delivered_cell(row: Row) -> SafeString | str:
    """A cumulative number is worth what its day is."""
    told = number("delivered")(row)
    return format_html("{}" + UNDER, told, f"le {row.told_on:%d/%m/%Y}") if row.told_on else told


def _deliveries(rows: str) -> list[Column]:
    told_on = Column("Livré, saisi le", lambda row: row.told_on, _in_the_file, under=True)
    return [
        Column("Livré", lambda row: row.figures.delivered, _delivered_cell, is_number=True),
        *([told_on] if rows == PUI else []),
        Column("Part du besoin", lambda row: row.figures.share_text, is_number=True),
    ]


STOCKS = [
    Column("Stock", lambda row: row.figures.stock.stock, _stock_cell, is_number=True),
    Column("Couverture (jours)", lambda row: row.figures.stock.days, _cover_cell, is_number=True),
    Column("Conso / jour", lambda row: row.figures.stock.daily, _in_the_file, under=True),
]
