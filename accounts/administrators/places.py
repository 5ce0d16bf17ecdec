"""The places of a perimeter, both kinds in one list, counted and ordered by the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from accounts.administrators.coverage import ENTITY, SITE, Coverage, Situation
from accounts.administrators.lines import Place, PlaceKey, every_line
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Perimeter

LONELY_FIRST = ("has_ape", "sort_name", "finess")
EVERYTHING = slice(None)
COLUMNS = ("kind", "pk", "sort_name", "finess", "town", "has_ape")


class Figures(NamedTuple):
    """How many places there are, how many wait for somebody, in how many nothing is under way."""

    places: int
    lonely: int
    idle: int


@dataclass(frozen=True, eq=False)
class Places:
    """Those that a list is about."""

    coverage: Coverage
    sites: QuerySet[Establishment]
    entities: QuerySet[LegalEntity]

    def narrowed(self, sites: Q, entities: Q) -> Self:
        """Keep those that match, each kind with its condition."""
        return replace(
            self, sites=self.sites.filter(sites), entities=self.entities.filter(entities)
        )

    def standing(self, situation: str) -> Self:
        """Keep those in a situation."""
        conditions = (self.coverage.condition(situation, kind) for kind in (SITE, ENTITY))
        return self.narrowed(*conditions)

    @cached_property
    def figures(self) -> Figures:
        """One statement for each kind."""
        counts = [self._counted(SITE, self.sites), self._counted(ENTITY, self.entities)]
        return Figures(*map(sum, zip(*counts, strict=True)))

    def keys(self, order: Sequence[str] = (), part: slice = EVERYTHING) -> list[PlaceKey]:
        """Their kinds and numbers, in an order; equals are in that of ``LONELY_FIRST``."""
        both = self._rows(SITE, self.sites).union(self._rows(ENTITY, self.entities), all=True)
        return [PlaceKey(*row[:2]) for row in both.order_by(*order, *LONELY_FIRST)[part]]

    def _rows(self, kind: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
        held = ExpressionWrapper(self.coverage.held.condition(kind), BooleanField())
        return rows.order_by().annotate(kind=Value(kind), has_ape=held).values_list(*COLUMNS)

    def _counted(self, kind: str, rows: QuerySet[Any]) -> tuple[int, int, int]:
        lonely, idle = (
            Count("pk", filter=self.coverage.condition(situation, kind))
            for situation in (Situation.LONELY, Situation.IDLE)
        )
        found = rows.order_by().aggregate(places=Count("pk"), lonely=lonely, idle=idle)
        return found["places"], found["lonely"], found["idle"]


def places_within(perimeter: Perimeter) -> Places:
    return Places(Coverage(perimeter), sites_within(perimeter), entities_within(perimeter))


def sites_within(perimeter: Perimeter) -> QuerySet[Establishment]:
    rows: QuerySet[Establishment] = Establishment.objects.open().within(perimeter)
    return rows


def entities_within(perimeter: Perimeter) -> QuerySet[LegalEntity]:
    """The entities of the regions that have no open site: the others are met by their sites."""
    sites = Establishment.objects.open().filter(legal_entity=OuterRef("pk"))
    rows: QuerySet[LegalEntity] = LegalEntity.objects.open().filter(
        ~Exists(sites), region__in=perimeter.region_codes
    )
    return rows


def idle_places(perimeter: Perimeter) -> Iterator[Place]:
    """The places without an APE where nothing is under way: those of the file to fill."""
    idle = places_within(perimeter).standing(Situation.IDLE)
    return (line.place for line in every_line(idle.keys()))
