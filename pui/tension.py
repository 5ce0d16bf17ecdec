"""« DCI prioritaires en tension » on the home page of who follows a territory."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Figure
from common.kept import KeptByKey
from common.numbers import format_integer
from establishments.perimeter import Action, Perimeter
from medications.calendar import calendar_of
from medications.models import MonitoredList, Monitoring, Priority
from medications.thresholds import thresholds_of
from pui.models import SubstanceSummary
from pui.models.region import Scale
from pui.region.figures import NOTHING, SUM_NAMES, Sums

OTHERS = MonitoredList.Slug.OTHERS
MOST_NAMED = 3
FIGURES = KeptByKey[list[Figure]]()


def tension_figures(user: User) -> list[Figure]:
    held = user.perimeter_to(Action.DASH_MED)
    if not (held.is_national or held.region_codes):
        return []
    return FIGURES.value(held, lambda: tension_within(held))


def tension_within(held: Perimeter) -> list[Figure]:
    """As the page of the territory counts them: each DCI at the level of its sums."""
    names = dict(_priority_substances())
    if not names:
        return []
    due_on = due_on_expected()
    rows = SubstanceSummary.objects.within(held)
    sums = _sums_of(rows, due_on, names, Scale.COUNTRY if held.is_national else Scale.REGION)
    tense = sorted(
        (one.urgency, names[pk], one.level) for pk, one in sums.items() if one.level.is_tension
    )
    named = [f"{name.lower()} ({level.label.lower()})" for _, name, level in tense[:MOST_NAMED]]
    others = len(tense) - len(named)
    note = ", ".join(named) + (
        f" et {others}\u00a0autre{'s' if others > 1 else ''}" if others else ""
    )
    none = f"Aucune sous {thresholds_of(due_on).tense}\u00a0jours."
    return [
        Figure(
            label="DCI prioritaires en tension",
            value=format_integer(len(tense)),
            detail=f"sur {format_integer(len(names))}",
            note=f"{note[0].upper()}{note[1:]}" if note else none,
            url=reverse("pui:region"),
            indicator="dci-en-tension",
        )
    ]


def sums_of_country() -> Collection[Sums]:
    """Of each priority DCI, on the due day under way."""
    names = dict(_priority_substances())
    rows = SubstanceSummary.objects.all()
    return _sums_of(rows, due_on_expected(), names, Scale.COUNTRY).values()


def due_on_expected() -> date:
    return calendar_of(OTHERS).expected(timezone.localtime()).due_on


def _sums_of(
    rows: QuerySet[SubstanceSummary], due_on: date, substances: Collection[int], scale: Scale
) -> dict[int, Sums]:
    rows = rows.filter(
        monitored_list=OTHERS,
        due_on=due_on,
        is_same_hour=False,
        scale=scale,
        substance_id__in=substances,
    )
    sums: dict[int, Sums] = {}
    for substance, *found in rows.values_list("substance_id", *SUM_NAMES):
        sums[substance] = sums.get(substance, NOTHING) + Sums(*found, due_on=due_on)
    return sums


def _priority_substances() -> Iterator[tuple[int, str]]:
    """A product without a DCI of its own has that of its reference."""
    followed = Monitoring.objects.in_force(timezone.localdate()).filter(
        monitored_list=OTHERS, priority=Priority.NATIONAL
    )
    dci = Coalesce("product__substance", "product__reference__substance")
    name = Coalesce("product__substance__name", "product__reference__substance__name")
    rows = followed.order_by().annotate(dci=dci, dci_name=name).values_list("dci", "dci_name")
    yield from ((pk, name) for pk, name in rows.distinct() if pk)
