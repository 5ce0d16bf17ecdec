"""Vaccines: the flu season by what is delivered of the needs, COVID-19 by its supply lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.numbers import format_integer, format_percent, percent
from establishments.perimeter import Action
from steering.situation.content import Cell, Grid, Heading, Measure, Part, Row
from steering.situation.moment import Moment, time_text
from steering.situation.parts.words import LATE, text_of
from steering.situation.territory import Reader, Territory
from vaccines.corrections.coverage import Covered, coverage_of
from vaccines.corrections.standing import counts_by_state, with_state
from vaccines.flu.figures import Figures, whole
from vaccines.flu.following import (
    DEPARTMENT,
    NOWHERE,
    REGION,
    Season,
    figures_of,
    followed_puis,
    names_of,
)
from vaccines.flu.seasons import season_before, under_way, usual_season
from vaccines.models import FluCampaign, SupplyLine
from vaccines.states import State

KEY, TITLE = "vaccines", "Vaccins"


@dataclass(frozen=True, slots=True)
class Supply:
    """The sums of the COVID-19 lines of a territory, None as long as nobody typed any."""

    rows: Sequence[Covered]
    lines: int
    late: int

    def sum_of(self, name: str) -> int | None:
        told = [found for one in self.rows if (found := getattr(one, name)) is not None]
        return sum(told) if told else None


def vaccines_part(reader: Reader, territory: Territory, moment: Moment) -> Part | None:
    """What was delivered has no past: a bulletin made long after its week does not tell it."""
    if not moment.is_live:
        return None
    delivered, asked = seasons_of(moment)
    measures, grids = _covid(supply_of(reader, moment)), []
    if delivered and asked:
        flu = flu_of(reader, territory, delivered)
        same = delivered.campaign == asked.campaign
        asking = flu if same else flu_of(reader, territory, asked)
        measures = [_delivered(delivered, whole(flu.values())), *measures]
        measures.append(_asked(asked, whole(asking.values())))
        grids.append(_flu_places(territory, delivered, flu))
    return Part(
        KEY, TITLE, Action.DASH_MED.value, time_text(moment.at), tuple(measures), tuple(grids)
    )


def seasons_of(moment: Moment) -> tuple[Season | None, Season | None]:
    """The one that vaccinates now, then the one whose needs are typed; often the same."""
    every = list(FluCampaign.objects.all())
    usual = usual_season(every, moment.at)
    delivering = under_way(every, moment.at) or usual
    if usual is None or delivering is None:
        return None, None
    first, second = (
        Season(one, season_before(one, every), moment.at, every) for one in (delivering, usual)
    )
    return first, second


def flu_of(reader: Reader, territory: Territory, season: Season) -> dict[str, Figures]:
    """By department, or by region of the country."""
    ids = list(followed_puis(reader, season).order_by().values_list("pk", flat=True))
    return dict(figures_of(REGION if territory.is_country else DEPARTMENT, ids, season))


def supply_of(reader: Reader, moment: Moment) -> Supply:
    lines = SupplyLine.objects.for_user(reader, to=Action.VAC_READ)
    counts = counts_by_state(with_state(lines, moment.at), moment.at)
    standing = {state: one for state, one in counts.items() if state is not State.REMOVED}
    return Supply(
        coverage_of(reader),
        sum(count for count, _ in standing.values()),
        sum(late for _, late in standing.values()),
    )


def share_of(told: Figures) -> int | None:
    """What part of the need is delivered; None while one of the two is not told."""
    if told.delivered is None or told.need is None:
        return None
    return percent(told.delivered, told.need)


def _delivered(season: Season, told: Figures) -> Measure:
    return Measure(
        "vaccines.flu_delivered",
        f"Grippe {season.campaign.season}\u00a0: livré du besoin",
        told.share_text,
        text_of(share_of(told)),
        "%",
        f"{_doses(told.delivered)} sur {_doses(told.need)} doses",
    )


def _asked(season: Season, told: Figures) -> Measure:
    return Measure(
        "vaccines.flu_asked",
        f"Grippe {season.campaign.season}\u00a0: demandes faites",
        format_integer(told.asked),
        str(told.asked),
        "PUI",
        f"sur {format_integer(told.puis)} PUI",
    )


def _covid(supply: Supply) -> list[Measure]:
    planned, received = supply.sum_of("planned"), supply.sum_of("received")
    vaccinated = supply.sum_of("vaccinated")
    if not supply.lines:
        return []
    share = None if received is None else percent(received, planned or 0)
    return [
        Measure(
            "vaccines.covid_received",
            "COVID-19\u00a0: doses reçues",
            "–" if received is None else format_percent(received, planned or 0, without="–"),
            text_of(share),
            "%",
            f"{_doses(received)} sur {_doses(planned)} prévues",
        ),
        Measure(
            "vaccines.covid_vaccinated",
            "COVID-19\u00a0: personnes vaccinées (1re)",
            _doses(vaccinated),
            text_of(vaccinated),
            "personnes",
        ),
        Measure(
            "vaccines.covid_late",
            "Lignes COVID-19 en retard",
            format_integer(supply.late),
            str(supply.late),
            "lignes",
            f"sur {format_integer(supply.lines)}",
            "Besoin non saisi, ou réception non dite",
            group=LATE,
        ),
    ]


def _doses(number: int | None) -> str:
    return "–" if number is None else format_integer(number)


def _flu_places(territory: Territory, season: Season, flu: dict[str, Figures]) -> Grid:
    path = REGION if territory.is_country else DEPARTMENT
    names = names_of(path, flu)
    ordered = sorted(flu.items(), key=lambda one: names.get(one[0], NOWHERE))
    return Grid(
        "flu",
        f"Vaccins grippe, saison {season.campaign.season}",
        territory.places_word,
        (
            Heading("Demandes faites", "PUI", is_number=True),
            Heading("Besoin", "doses", is_number=True),
            Heading("Livré", "doses", is_number=True),
            Heading("Part livrée", "%", is_number=True),
            Heading("Stock", "jours", is_number=True),
        ),
        tuple(Row(code or "", names.get(code, NOWHERE), _flu_cells(one)) for code, one in ordered),
    )


def _flu_cells(told: Figures) -> tuple[Cell, ...]:
    return (
        Cell(f"{told.asked} sur {told.puis}", str(told.asked)),
        Cell(_doses(told.need), text_of(told.need)),
        Cell(_doses(told.delivered), text_of(told.delivered)),
        Cell(told.share_text, text_of(share_of(told))),
        Cell(told.stock.days_text, text_of(told.stock.days)),
    )
