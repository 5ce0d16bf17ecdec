"""Medicines: who declared, what runs out and where, as « Stocks de la région » says."""

from common.numbers import format_integer, percent
from establishments.perimeter import Action
from medications.calendar import calendar_of
from medications.models import MonitoredList
from pui.region.catalogue import Grain, read_catalogue
from pui.region.figures import NOTHING, Sums, worst
from pui.region.filters import DEFAULT_LIST, Rows
from pui.region.reading import Page, Place, read_page
from pui.region.scope import Scope
from steering.situation.content import PLACES, Cell, Grid, Heading, Measure, Part, Row
from steering.situation.moment import Moment, time_text
from steering.situation.parts.words import (
    LATE,
    class_cell,
    named,
    text_of,
    urgency,
    where,
    worst_first,
)
from steering.situation.territory import Reader, Territory

KEY, TITLE = "medicines", "Médicaments"


def medicines_part(reader: Reader, territory: Territory, moment: Moment) -> Part | None:
    """Of « autres médicaments »; None as long as the list is not there."""
    followed = MonitoredList.objects.filter(pk=DEFAULT_LIST).first()
    if followed is None:
        return None
    page = read_page(scope_of(reader, territory, moment, followed))
    return Part(
        KEY,
        TITLE,
        Action.DASH_MED.value,
        time_text(page.refreshed_at),
        tuple(_measures(page)),
        (_substances(page), _places(page, territory)),
    )


def scope_of(
    reader: Reader, territory: Territory, moment: Moment, followed: MonitoredList
) -> Scope:
    return Scope(
        user=reader,
        territory=territory.of_pharmacies,
        monitored_list=followed,
        catalogue=read_catalogue(followed.pk, moment.at.date()),
        calendar=calendar_of(followed),
        now=moment.at,
        rows=Rows.REGION if territory.is_country else Rows.DEPARTMENT,
        grain=Grain.SUBSTANCE,
    )


def _measures(page: Page) -> list[Measure]:
    told, before = page.declared, page.declared_before
    past, earlier = page.scope.days[1], page.scope.days[2]
    tense = worst_first((sums.level, sums.days, name) for name, sums in page.now.items())
    words = page.scope.words
    return [
        Measure(
            "medicines.declared",
            "PUI à jour de transmission",
            told.rate_text,
            text_of(percent(told.declared, told.expected)),
            "%",
            f"{format_integer(told.declared)} sur {format_integer(told.expected)}",
            f"Échéance du {past:%d/%m}\u00a0; celle du {earlier:%d/%m}, à la même heure\u00a0: "
            f"{before.rate_text}",
            is_headline=True,
        ),
        Measure(
            "medicines.tense",
            f"{page.scope.watched_name} en tension",
            str(len(tense)),
            str(len(tense)),
            words.groups,
            f"sur {len(page.scope.catalogue.watched_substances)}",
            named([f"{name.capitalize()} ({level.label.lower()})" for level, _, name in tense]),
            is_headline=True,
        ),
        Measure(
            "medicines.late",
            "PUI en retard",
            format_integer(told.late),
            str(told.late),
            "PUI",
            note=f"Échéance du {past:%d/%m}",
            group=LATE,
        ),
    ]


def _substances(page: Page) -> Grid:
    ranked = sorted(page.now.items(), key=lambda one: urgency(one[1].level, one[1].days, one[0]))
    return Grid(
        "substances",
        f"{page.scope.watched_name}, de la plus tendue à la moins tendue",
        page.scope.grain_label,
        (
            Heading("Classe"),
            Heading("Couverture", "jours", is_number=True),
            Heading("Échéance d’avant", "jours", is_number=True, is_for_files=True),
            Heading("Où", is_for_files=True),
        ),
        tuple(_substance_row(page, name, sums) for name, sums in ranked),
    )


def _substance_row(page: Page, name: str, sums: Sums) -> Row:
    before = page.before.get(name, NOTHING)
    held = [(place.name, place.groups.get(name, NOTHING)) for place in page.places]
    places = where((one.level, one.days, place) for place, one in held)
    return Row(
        name,
        name.capitalize(),
        (
            class_cell(sums.level, places),
            Cell(
                sums.days_text,
                text_of(sums.days),
                detail=f"échéance d’avant\u00a0: {before.days_text}",
            ),
            Cell(before.days_text, text_of(before.days)),
            Cell(places),
        ),
    )


def _places(page: Page, territory: Territory) -> Grid:
    return Grid(
        PLACES,
        TITLE,
        territory.places_word,
        (
            Heading(f"{page.scope.watched_name} en tension", page.scope.words.groups),
            Heading("PUI à jour", "%", is_number=True),
        ),
        tuple(_place_row(place) for place in page.places),
    )


def _place_row(place: Place) -> Row:
    level = worst(place.groups.values())
    tense = worst_first((sums.level, sums.days, name) for name, sums in place.groups.items())
    count = Cell(
        str(place.in_tension) if place.groups else "inconnu",
        str(place.in_tension) if place.groups else "",
        level.value,
        named([name.capitalize() for _, _, name in tense]),
    )
    told = place.declared
    rate = Cell(
        told.rate_text,
        text_of(percent(told.declared, told.expected)),
        detail=f"{format_integer(told.declared)} / {format_integer(told.expected)}",
    )
    return Row(place.code, place.name, (count, rate))
