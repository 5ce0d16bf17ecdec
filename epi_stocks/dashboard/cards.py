"""What the real-time view brings to the home page of an ARS, a department or the national cell."""

from datetime import date

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Figure, Kind
from common.kept import KeptByKey
from common.numbers import format_integer
from common.weeks import current_week, iso_number
from epi_stocks.calendar import WEEKDAYS
from epi_stocks.dashboard.alerts import crossings
from epi_stocks.dashboard.figures import NO_BREAK, REPORTING_NAMES, ReportingFigures, plural
from epi_stocks.models import DepartmentSummary, EpiItem, ReportingSummary
from establishments.perimeter import Action, Perimeter

MOST_ITEMS = 3
FIRST = -5  # nothing is left somewhere: after a vital need, before all that there is to decide
FIGURES = KeptByKey[list[Figure]]()
SHORTAGES = KeptByKey[list[tuple[EpiItem, int]]]()


def ars_cards(user: User) -> list[Card]:
    """Items with establishments in rupture, most first; for the country, the levels crossed."""
    if not user.may(Action.DASH_EPI):
        return []
    if user.perimeter_to(Action.DASH_EPI).is_national:
        return _alert_cards(user)
    return _shortage_cards(_shortages(user), _kind_for(user))


def _kind_for(user: User) -> Kind:
    """Those who watch over declarations decide what to do; readers only look."""
    return Kind.DECIDE if user.may(Action.EPI_REOPEN) else Kind.TO_SEE


def ars_figures(user: User) -> list[Figure]:
    """The inventories received, beside the same hour a week before."""
    held = user.perimeter_to(Action.DASH_EPI)
    if not held:
        return []
    return FIGURES.value((held, timezone.localdate()), lambda: _figures_within(held))


def _figures_within(held: Perimeter) -> list[Figure]:
    rows = ReportingSummary.objects.within(held).filter(week=current_week())
    found = rows.aggregate(**{name: Sum(name) for name in REPORTING_NAMES})
    rate = ReportingFigures(**{name: value or 0 for name, value in found.items()})
    day = WEEKDAYS[timezone.localdate().weekday()].capitalize()
    return [
        Figure(
            label="Inventaires EPI reçus",
            value=rate.rate_text,
            detail=f"{format_integer(rate.declared)} sur {format_integer(rate.expected)}",
            note=f"{day} dernier à la même heure : {rate.rate_before_text}",
            url=reverse("epi_stocks:visu"),
            indicator="taux-declaration-epi",
        )
    ]


def _shortages(user: User) -> list[tuple[EpiItem, int]]:
    held, week = user.perimeter_to(Action.DASH_EPI), current_week()
    return SHORTAGES.value((held, week), lambda: _shortages_within(held, week))


def _shortages_within(held: Perimeter, week: date) -> list[tuple[EpiItem, int]]:
    counts = (
        DepartmentSummary.objects.within(held)
        .filter(week=week, shortage__gt=0)
        .values("item_id")
        .annotate(sites=Sum("shortage"))
        .order_by("-sites", "item_id")[:MOST_ITEMS]
    )
    items = EpiItem.objects.in_bulk([row["item_id"] for row in counts])
    return [(items[row["item_id"]], row["sites"]) for row in counts]


def _shortage_cards(found: list[tuple[EpiItem, int]], kind: Kind) -> list[Card]:
    """One for an item; of several, one that names each and leads to the worst."""
    if not found:
        return []
    if len(found) == 1:
        return [_shortage_card(*found[0], kind)]
    named = ", ".join(f"{item.plural} ({count})" for item, count in found)
    item, _ = found[0]
    return [
        Card(
            kind=kind,
            title=f"Établissements en rupture\u00a0: {named}",
            detail="Sans stock, ou moins d’un jour de consommation.",
            due=f"Semaine {iso_number(current_week())}",
            action_label="Voir qui",
            url=f"{reverse('epi_stocks:visu')}?equipement={item.code}&niveau=rupture",
            order=FIRST,
        )
    ]


def _shortage_card(item: EpiItem, count: int, kind: Kind) -> Card:
    return Card(
        kind=kind,
        title=f"{item.plural} : {plural(count, 'établissement')} en rupture",
        detail="Sans stock, ou moins d’un jour de consommation.",
        due=f"Semaine {iso_number(current_week())}",
        action_label="Voir qui",
        url=f"{reverse('epi_stocks:visu')}?equipement={item.code}&niveau=rupture",
        order=FIRST,
    )


def _alert_cards(user: User) -> list[Card]:
    worse = [one for one in crossings(user, current_week()) if one.is_worse]
    if not worse:
        return []
    first = worse[0]
    moved = "est passé" if len(worse) == 1 else "sont passés"
    return [
        Card(
            kind=_kind_for(user),
            title=f"Tension : {plural(len(worse), 'seuil franchi', 'seuils franchis')}",
            detail=f"{first.item.plural}, {first.place} : {first.level.label.lower()}. "
            f"En tout, {len(worse)}{NO_BREAK}couple{'s' if len(worse) > 1 else ''} équipement et "
            f"région {moved} à une classe plus urgente depuis la semaine dernière.",
            due=f"Semaine {iso_number(current_week())}",
            action_label="Voir lesquels",
            url=reverse("epi_stocks:visu_alerts"),
            order=40,
        )
    ]
