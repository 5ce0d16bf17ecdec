"""Centralised stock: the main site declares for others, which are then neither late nor counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from accounts.models import User
from common.weeks import shift
from epi_stocks.grid.sql import MAIN_SITE
from epi_stocks.indicators import is_filled
from epi_stocks.models import CentralCoverage, InventoryLine
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.services import record


class CoverageError(Exception):
    """The coverage cannot be that. The message is written for the person, in French."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """« 12 sites sur 14 couverts »: the expected sites of an entity, declared or covered."""

    covered_or_declared: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.covered_or_declared == self.total

    @property
    def sentence(self) -> str:
        if self.total == 1:
            return f"{self.covered_or_declared} site sur 1 couvert"
        word = "site" if self.covered_or_declared < 2 else "sites"
        plural = "" if self.covered_or_declared < 2 else "s"
        return f"{self.covered_or_declared} {word} sur {self.total} couvert{plural}"


def main_site_id(legal_entity_id: int) -> int | None:
    """The main site of an entity; where none is marked, the one proposed (hospital, oldest)."""
    with connection.cursor() as cursor:
        cursor.execute(MAIN_SITE.format(entity="%(entity)s"), {"entity": legal_entity_id})
        found = cursor.fetchone()
    return found[0] if found else None


@transaction.atomic
def set_covered_sites(
    *, by: User, declaring: Establishment, covered_ids: Iterable[int], week: date
) -> Coverage:
    """From ``week`` on, ``declaring`` declares for exactly these sites of its entity.

    A site no longer ticked is declared by itself again from ``week``; earlier weeks keep what they
    had. Raise ``CoverageError`` and change nothing when one of them cannot be covered.
    """
    wanted = set(covered_ids) - {declaring.pk}
    sites = sites_in_reach(by, declaring)
    if declaring.pk not in sites:
        raise CoverageError("Aucun de vos profils ne permet de remplir l’inventaire de ce site.")
    if wanted and main_site_id(declaring.legal_entity_id) != declaring.pk:
        raise CoverageError(
            "Une déclaration centralisée se fait sur l’établissement principal de l’entité."
        )
    if not wanted <= sites.keys():
        raise CoverageError("Un site coché n’appartient pas à cette entité : rien n’a changé.")
    held = coverages_given(declaring, week)
    added, removed = wanted - held.keys(), held.keys() - wanted
    refuse_doubles(declaring, [sites[pk] for pk in sorted(added)], week)
    for pk in sorted(removed):
        end_before(held[pk], week)
    add_coverages(by, declaring, sorted(added), week)
    if added or removed:
        record(
            "epi_stocks.coverage_set",
            by=by,
            target=declaring,
            place=declaring,
            week=week.isoformat(),
            added=[sites[pk].finess for pk in sorted(added)],
            removed=[held[pk].covered.finess for pk in sorted(removed)],
        )
    return coverage_of(declaring.legal_entity_id, week)


def sites_in_reach(by: User, declaring: Establishment) -> dict[int, Establishment]:
    """The open sites of the entity that the person may fill, by id."""
    sites = Establishment.objects.for_user(by, to=Action.EPI_WRITE).open()
    return {site.pk: site for site in sites.filter(legal_entity=declaring.legal_entity_id)}


def coverages_given(declaring: Establishment, week: date) -> dict[int, CentralCoverage]:
    found = CentralCoverage.objects.on(week).filter(declaring=declaring)
    found = found.select_for_update(of=("self",)).select_related("covered")
    return {one.covered_id: one for one in found.order_by("pk")}


def refuse_doubles(declaring: Establishment, sites: list[Establishment], week: date) -> None:
    """A site that typed this week, or that covers others, would be counted twice.

    Their headers are locked first, in order: a cell typed at the same moment is seen, or waits.
    """
    ids = [declaring.pk, *(site.pk for site in sites)]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO epi_stocks_weeklyinventory AS kept (week, establishment_id, reason)
               SELECT %s, id, '' FROM unnest(%s::bigint[]) AS id ORDER BY id
               ON CONFLICT (week, establishment_id) DO UPDATE SET reason = kept.reason
               WHERE false""",
            [week, ids],
        )
    lines = InventoryLine.objects.filter(is_filled(), week__in=[week])
    typed = set(lines.filter(establishment__in=sites).values_list("establishment", flat=True))
    if names := [site.name for site in sites if site.pk in typed]:
        raise CoverageError(
            f"{', '.join(names)} : une déclaration propre existe cette semaine, le stock serait "
            "compté deux fois. Videz-la d’abord, ou ne cochez pas ce site."
        )
    chained = CentralCoverage.objects.on(week).filter(Q(declaring__in=sites) | Q(covered=declaring))
    if sites and (other := chained.select_related("declaring", "covered").first()):
        raise CoverageError(
            f"{other.declaring} déclare déjà pour {other.covered} : un site couvert ne peut pas "
            "déclarer pour d’autres."
        )


def end_before(coverage: CentralCoverage, week: date) -> None:
    """Stop a coverage so that ``week`` is no longer in it; one that begins there never was."""
    if coverage.first_week >= week:
        coverage.delete()
        return
    coverage.last_week = shift(week, -1)
    coverage.save(update_fields=["last_week", "set_at"])


def add_coverages(by: User, declaring: Establishment, covered: list[int], week: date) -> None:
    """The exclusion constraint decides when two people cover one site at the same moment."""
    try:
        with transaction.atomic():
            for pk in covered:
                later = CentralCoverage.objects.filter(covered=pk, first_week__gt=week)
                following = later.order_by("first_week").values_list("first_week", flat=True)
                first = following.first()
                CentralCoverage.objects.create(
                    declaring=declaring,
                    covered_id=pk,
                    first_week=week,
                    last_week=shift(first, -1) if first else None,
                    set_by=by,
                )
    except IntegrityError:
        raise CoverageError(
            "Un de ces sites vient d’être coché par un autre : rien n’a changé. Rechargez la page."
        ) from None


def coverage_of(legal_entity_id: int, week: date) -> Coverage:
    """Count the expected sites of an entity, and those that declared or are covered."""
    with connection.cursor() as cursor:
        cursor.execute(COVERAGE, {"entity": legal_entity_id, "week": week})
        return Coverage(*cursor.fetchone())


COVERAGE = """
SELECT count(*) FILTER (WHERE EXISTS (
           SELECT FROM epi_stocks_centralcoverage coverage
            WHERE coverage.covered_id = site.id AND coverage.first_week <= %(week)s
              AND (coverage.last_week IS NULL OR coverage.last_week >= %(week)s))
        OR EXISTS (
           SELECT FROM epi_stocks_inventoryline line
            WHERE line.week = ANY(ARRAY[%(week)s::date]) AND line.establishment_id = site.id
              AND num_nonnulls(line.stock, line.daily, line.supply) > 0)),
       count(*)
  FROM establishments_establishment site
 WHERE site.legal_entity_id = %(entity)s
   AND (site.closed_on IS NULL OR site.closed_on > %(week)s)
   AND EXISTS (
       SELECT FROM epi_stocks_expectedcategory expected
        WHERE expected.category_id = site.category_id AND expected.starts_on <= %(week)s
          AND (expected.ends_on IS NULL OR expected.ends_on >= %(week)s))
"""
