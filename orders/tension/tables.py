"""The watch panel as a table, for the page and for its file."""

from collections.abc import Callable

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.charts.sparkline import sparkline
from common.columns import UNDER, Column, Table
from common.numbers import format_integer, format_percent
from epi_stocks.tables import badge, decimal_text
from orders.models import Tension
from orders.services.tensions import place_name
from orders.tension.watching import TREND, Watch, Watched

NAMED = 2  # regions below the threshold, by name
DASH = "–"
Shown = Callable[[Watched], SafeString | str]


def watch_table(watch: Watch, *, may_declare: bool) -> Table:
    columns = [
        Column("Équipement", lambda row: str(row.item), _item),
        Column("Tension", _tension_text, _tension),
        Column("Couverture (jours)", lambda row: row.figures.days, _cover),
        Column(f"{TREND} semaines", _trend_text, trend_line),
        Column(
            watch.critical_words,
            lambda row: row.figures.under_critical,
            _under_critical,
            is_number=True,
        ),
    ]
    if watch.is_national:
        below = Column("Régions sous le seuil", _below_text, _below)
        columns.append(below)
    columns += [
        Column("Difficultés", lambda row: row.difficulties, _difficulties, is_number=True),
        Column("Contingent commandé", lambda row: row.quota_used, _quota, is_number=True),
        Column("Contingent autorisé", lambda row: row.quota_granted, lambda row: "", under=True),
    ]
    if may_declare:
        columns.append(Column("Décider", lambda row: "", _decide))
    return Table("veille", "Équipements", columns)


def _item(row: Watched) -> SafeString:
    address = reverse("orders:watched_item", args=[row.item.pk])
    return format_html('<a href="{}"><strong>{}</strong></a>', address, row.item)


def _tension_text(row: Watched) -> str:
    return "\u00a0; ".join(f"{place_name(one.region)} depuis le {one.starts_on:%d/%m/%Y}"
                      for one in row.tensions)  # fmt: skip


def _tension(row: Watched) -> SafeString | str:
    if not row.tensions:
        return "non"
    state = {"kind": "attention", "text": "En tension"}
    mark = SafeString(render_to_string("components/state.html", state).strip())
    lines = format_html_join("", UNDER, ((_since(one),) for one in row.tensions[:NAMED]))
    left = len(row.tensions) - NAMED
    more = format_html(UNDER, f"et {left} autres") if left > 0 else ""
    return format_html("{}{}{}", mark, lines, more)


def _since(one: Tension) -> str:
    until = f", jusqu’au {one.ends_on:%d/%m/%Y}" if one.ends_on else ""
    return f"{place_name(one.region)}, depuis le {one.starts_on:%d/%m/%Y}{until}"


def _cover(row: Watched) -> SafeString | str:
    before = format_html(UNDER, f"semaine passée\u00a0: {row.before_text}")
    if row.is_known:
        return format_html("{} {}{}", row.cover_text, badge(row.level), before)
    return format_html("{}{}", row.cover_text, before if row.before.days is not None else "")


def trend_line(row: Watched) -> SafeString | str:
    values = [None if one.days is None else float(one.days) for _, one in row.trend]
    return sparkline(_trend_text(row), values) or DASH


def _trend_text(row: Watched) -> str:
    known = [one.days for _, one in row.trend if one.days is not None]
    if not known:
        return ""
    first, last = decimal_text(known[0]), decimal_text(known[-1])
    return f"{row.item}, {TREND} semaines\u00a0: de {first} à {last} jours de couverture"


def _under_critical(row: Watched) -> SafeString | str:
    count, known = row.figures.under_critical, row.figures.known
    if not known:
        return DASH
    told = format_percent(count, known)
    return format_html("{}" + UNDER, format_integer(count), told)


def _below_text(row: Watched) -> str:
    return ", ".join(one.name for one in row.below)


def _below(row: Watched) -> SafeString | str:
    if not row.below:
        return "aucune" if row.regions else DASH
    names = ", ".join(one.name for one in row.below[:NAMED])
    left = len(row.below) - NAMED
    told = f"{names} et {left} autre{'s' if left > 1 else ''}" if left > 0 else names
    return format_html("{}" + UNDER, format_integer(len(row.below)), told)


def _difficulties(row: Watched) -> SafeString | str:
    if not row.difficulties:
        return "0"
    address = reverse("orders:difficulties")
    return format_html(
        '<a href="{}?equipement={}&amp;etat=ouvertes">{}<span class="fr-sr-only">'
        "\u00a0: difficultés, {}</span></a>",
        address,
        row.item.pk,
        row.difficulties,
        row.item,
    )


def _quota(row: Watched) -> SafeString | str:
    """« 300/1 200 », as each beneficiary reads its own."""
    if not row.quota_granted:
        return "0/0"
    told = f"{format_integer(row.quota_used)}/{format_integer(row.quota_granted)}"
    share = format_percent(row.quota_used, row.quota_granted)
    return format_html('<span class="app-nb">{}</span>' + UNDER, told, share)


def _decide(row: Watched) -> SafeString:
    """The country’s tension is lifted here; those of regions, in their list."""
    if row.national:
        return _button(reverse("orders:tension_end", args=[row.national.pk]), "Lever", row)
    if row.tensions:
        return _button(reverse("orders:tensions"), "Voir", row)
    address = f"{reverse('orders:tension_declare')}?equipement={row.item.pk}"
    return _button(address, "Déclarer", row)


def _button(address: str, label: str, row: Watched) -> SafeString:
    return format_html(
        '<a class="fr-btn fr-btn--sm fr-btn--secondary" href="{}">{}'
        '<span class="fr-sr-only"> la tension\u00a0: {}</span></a>',
        address,
        label,
        row.item,
    )
