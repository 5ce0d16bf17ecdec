"""What is told of the protective equipment: stocks and declarations of each closed week."""
# ruff: noqa: S608 - fragments of our own put together; every value is a parameter

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from common.cover import Thresholds, days_of_cover, level
from common.numbers import percent
from common.weeks import current_week, shift
from epi_stocks.calendar import calendar_of
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import EpiItem, WeeklyInventory
from epi_stocks.summaries.computing import expected_sites_sql, week_parameters
from epi_stocks.summaries.lines import lines_parameters, lines_sql
from epi_stocks.summaries.refresh import refresh_weeks
from establishments.models import Department, Region
from pui.feeds.schema import Dictionary, Field
from pui.open_data.masking import Held, merged, total
from steering.open_data.dataset import (
    COUNTRY,
    MASKED,
    NOT_NEGATIVE,
    NOWHERE,
    REQUIRED,
    Dataset,
    Row,
    region_fields,
    scale_field,
    secret_field,
)
from steering.open_data.masking import Cells, Place, regions_of, secret_of

WEEK: Final = Field("semaine", "Semaine", "Son lundi.", "date", REQUIRED)
SCALE: Final = scale_field("pays", "region", "departement")
DEPARTMENT: Final = (
    Field("departement", "Département", "Code INSEE\u00a0; vide pour une région ou le pays."),
    Field("departement_nom", "Nom du département", "Vide pour une région ou le pays."),
)
ENTITY: Final = "coalesce(site.legal_entity_id, -site.id)"
PLACE: Final = "coalesce(department.region_id, '00'), coalesce(site.department_id, '')"
STOCKS_SQL: Final = f"""
SELECT line.item_id, {PLACE}, {ENTITY} AS entity,
       count(*), sum(line.stock), sum(line.daily)
  FROM ({lines_sql()}) AS line
  JOIN establishments_establishment AS site ON site.id = line.establishment_id
  LEFT JOIN establishments_department AS department ON department.code = site.department_id
 WHERE line.stock IS NOT NULL AND line.daily IS NOT NULL
 GROUP BY 1, 2, 3, 4
"""
DECLARED_SQL: Final = f"""
SELECT {PLACE}, {ENTITY} AS entity, count(*),
       count(*) FILTER (WHERE expected.is_declared), count(*)
  FROM ({expected_sites_sql("week")}) AS expected
  JOIN establishments_establishment AS site ON site.id = expected.id
  LEFT JOIN establishments_department AS department ON department.code = site.department_id
 GROUP BY 1, 2, 3
"""
STOCKS: Final = Dictionary(
    name="stocks-epi",
    title="Stocks d’équipements de protection, par département et semaine",
    description="Une ligne par semaine, échelle, territoire et équipement.",
    version="1.0.0",
    fields=(
        WEEK,
        SCALE,
        *region_fields(),
        *DEPARTMENT,
        Field("equipement", "Équipement", "Code de l’équipement.", constraints=REQUIRED),
        Field("equipement_nom", "Nom de l’équipement", "Libellé.", constraints=REQUIRED),
        secret_field(),
        Field(
            "etablissements",
            "Établissements comptés",
            f"Ceux dont le stock et la consommation sont connus\u00a0; {MASKED}.",
            "integer",
            {"minimum": 1},
        ),
        Field("stock", "Stock", f"Somme, en unités\u00a0; {MASKED}.", "integer", NOT_NEGATIVE),
        Field(
            "conso_jour",
            "Consommation par jour",
            f"Somme des consommations quotidiennes, en unités\u00a0; {MASKED}.",
            "integer",
            NOT_NEGATIVE,
        ),
        Field(
            "couverture_jours",
            "Jours de couverture",
            "Stock ÷ consommation, au dixième inférieur\u00a0; vide sans consommation, ou quand la "
            "ligne est secrète.",
            "number",
            NOT_NEGATIVE,
        ),
        Field("classe", "Classe", f"Rupture, critique, tendue, suffisante…\u00a0; {MASKED}."),
    ),
    key=("semaine", "region", "departement", "equipement"),
)
DECLARED: Final = Dictionary(
    name="declarations-epi",
    title="Déclarations d’équipements de protection, par département et semaine",
    description="Une ligne par semaine, échelle et territoire.",
    version="1.0.0",
    fields=(
        WEEK,
        SCALE,
        *region_fields(),
        *DEPARTMENT,
        secret_field(),
        Field(
            "attendus",
            "Établissements attendus",
            f"Ouverts, du périmètre, non couverts par un autre\u00a0; {MASKED}.",
            "integer",
            NOT_NEGATIVE,
        ),
        Field("declares", "Ont déclaré", f"Au moins une case\u00a0; {MASKED}.", "integer"),
        Field("taux", "Taux de déclaration", f"En pour cent\u00a0; {MASKED}.", "integer"),
    ),
    key=("semaine", "region", "departement"),
)


def closed_weeks(now: datetime) -> list[date]:
    """Those that somebody declared and that nobody may type in any more."""
    weeks = WeeklyInventory.objects.filter(week__lt=shift(current_week(now), -1))
    told = weeks.order_by("week").values_list("week", flat=True).distinct()
    return [week for week in told if calendar_of(week).closes_at <= now]


def fetched(sql: str, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        yield from cursor.fetchall()


def stocks_of(week: date) -> list[Row]:
    refresh_weeks([week])  # the screens keep what is told: closed, a week is not refreshed any more
    cells = held_in(week)
    before = [held_in(one) for one in calendar_of(week).carried[1:]]
    thresholds = thresholds_on(week)
    items = EpiItem.objects.filter(pk__in=cells).order_by("rank")
    return [
        (
            *place,
            item.code,
            item.label,
            *stock_values(held, thresholds.get(item.pk, thresholds[None])),
        )
        for item in items
        for place, held in told(week, cells[item.pk], [one.get(item.pk, {}) for one in before])
    ]


def held_in(week: date) -> dict[int, dict[Place, dict[int, Held]]]:
    """What each entity has of each item, where, as counted that week."""
    cells: dict[int, dict[Place, dict[int, Held]]] = defaultdict(lambda: defaultdict(dict))
    for item, region, department, entity, count, stock, daily in fetched(
        STOCKS_SQL, week_parameters(week)
    ):
        held = Held(count, Decimal(stock), Decimal(daily))
        cells[item][region, department][entity] = held
    return cells


def stock_values(held: Held | None, thresholds: Thresholds) -> tuple[Any, ...]:
    if held is None:
        return True, None, None, None, None, None
    days = days_of_cover(held.stock, held.daily)
    found = level(held.stock, held.daily, thresholds)
    return False, held.puis, int(held.stock), int(held.daily), days, found.value


def declarations_of(week: date) -> list[Row]:
    refresh_weeks([week])
    cells: dict[Place, dict[int, Held]] = defaultdict(dict)
    for region, department, entity, count, declared, expected in fetched(
        DECLARED_SQL, lines_parameters(week, [])
    ):
        cells[region, department][entity] = Held(count, Decimal(declared), Decimal(expected))
    return [(*place, *declared_values(held)) for place, held in told(week, cells)]


def declared_values(held: Held | None) -> tuple[Any, ...]:
    if held is None:
        return True, None, None, None
    declared, expected = int(held.stock), int(held.daily)
    return False, expected, declared, percent(declared, expected)


def told(
    week: date, cells: Cells, earlier: Sequence[Cells] = ()
) -> Iterator[tuple[tuple[Any, ...], Held | None]]:
    """The country, then each region and each department: its sums, or nothing when secret."""
    secret, names = secret_of(cells, earlier), place_names()
    regions = regions_of(cells)
    country = total(merged(regions.values()))
    yield (
        (week, "pays", COUNTRY, "France entière", None, None),
        None if secret.country else country,
    )
    for region, cell in sorted(regions.items()):
        place = (week, "region", region, names(region), None, None)
        yield place, None if region in secret.regions else total(cell)
    for (region, department), cell in sorted(cells.items()):
        if not department:
            continue
        place = (week, "departement", region, names(region), department, names(department, 1))
        hidden = (region, department) in secret.departments
        yield place, None if hidden else total(cell)


def place_names() -> Callable[..., str]:
    """The name of a region, or of a department, from its code."""
    found = (
        dict(Region.objects.values_list("code", "name")) | {NOWHERE: "Territoires sans ARS"},
        dict(Department.objects.values_list("code", "name")),
    )
    return lambda code, kind=0: found[kind].get(code, code)


NOTES: Final = (
    "Une semaine est publiée quand plus rien ne peut y être saisi, et ne change plus.",
    "La valeur d’un établissement est celle de la semaine, sinon la plus récente des deux semaines "
    "précédentes\u00a0: comme dans la vue des ARS.",
    "La couverture est un rapport de sommes, non une moyenne des couvertures\u00a0: elle ne "
    "s’additionne pas.",
    "Une ligne est secrète aussi quand moins de cinq entités y ont changé depuis l’une de ces deux "
    "semaines\u00a0: la différence dirait ce qu’elles ont.",
)
DATASETS: Final = (
    Dataset(
        STOCKS,
        closed_weeks,
        stocks_of,
        "Stock, consommation, jours de couverture et classe de chaque équipement.",
        "Hebdomadaire, à la clôture de la semaine",
        "Semaine du",
        NOTES,
        ("couverture-epi", "classe-epi", "quantites-epi"),
        is_masked=True,
    ),
    Dataset(
        DECLARED,
        closed_weeks,
        declarations_of,
        "Combien d’établissements étaient attendus, combien ont déclaré.",
        "Hebdomadaire, à la clôture de la semaine",
        "Semaine du",
        NOTES[:1],
        ("taux-declaration-epi", "attendus-epi"),
        is_masked=True,
    ),
)
