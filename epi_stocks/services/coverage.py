"""Centralised stock: the main site declares for others, which are then neither late nor counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import Min, Q

from accounts.models import User
from common.weeks import current_week, shift, weeks_back
from epi_stocks.grid.sql import IS_EXPECTED, MAIN_SITE
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


@dataclass(frozen=True, slots=True)
class CoveredSites:
    """``changed_meanwhile`` names the sites that another person ticked or unticked since."""

    coverage: Coverage
    changed_meanwhile: list[str]


def main_site_id(legal_entity_id: int) -> int | None:
    """The main site of an entity; where none is marked, the one proposed (hospital, oldest)."""
    with connection.cursor() as cursor:
        cursor.execute(MAIN_SITE.format(entity="%(entity)s"), {"entity": legal_entity_id})
        found = cursor.fetchone()
    return found[0] if found else None


@transaction.atomic
def set_covered_sites(
    *,
    by: User,
    declaring: Establishment,
    ticked_ids: Iterable[int],
    seen_ids: Iterable[int],
    week: date,
) -> CoveredSites:
    """From ``week`` on, ``declaring`` covers the sites just ticked, no longer those just unticked.

    ``seen_ids`` are those that the page showed ticked: what another person changed since stays. A
    site no longer ticked is declared by itself again from ``week``; earlier weeks keep what they
    had. Raise ``CoverageError`` and change nothing when one of them cannot be covered.
    """
    ticked, seen = set(ticked_ids) - {declaring.pk}, set(seen_ids)
    sites = sites_in_reach(by, declaring)
    held = coverages_given(declaring, week)
    added, removed = ticked - seen - held.keys(), (seen - ticked) & held.keys()
    check_reach(declaring, added, sites)
    ended = [held[pk] for pk in sorted(removed)]
    planned = planned_coverages(by, declaring, [sites[pk] for pk in sorted(added)], week)
    refuse_doubles(planned, declaring, week)
    for one in ended:
        end_before(one, week)
    add_coverages(planned)
    if planned or ended:
        record_coverages(by, declaring, week, planned, ended)
    changed = (seen ^ held.keys()) - (seen ^ ticked)
    names = {pk: one.covered.name for pk, one in held.items()}
    names |= {pk: site.name for pk, site in sites.items()}
    meanwhile = [names[pk] for pk in sorted(changed & names.keys())]
    return CoveredSites(coverage_of(declaring.legal_entity_id, week), meanwhile)


def check_reach(declaring: Establishment, added: set[int], sites: dict[int, Establishment]) -> None:
    if declaring.pk not in sites:
        raise CoverageError("Aucun de vos profils ne permet de remplir l’inventaire de ce site.")
    if added and main_site_id(declaring.legal_entity_id) != declaring.pk:
        raise CoverageError(
            "Une déclaration centralisée se fait sur l’établissement principal de l’entité."
        )
    if not added <= sites.keys():
        raise CoverageError("Un site coché n’appartient pas à cette entité : rien n’a changé.")


def record_coverages(
    by: User,
    declaring: Establishment,
    week: date,
    added: list[CentralCoverage],
    removed: list[CentralCoverage],
) -> None:
    record(
        "epi_stocks.coverage_set",
        by=by,
        target=declaring,
        place=declaring,
        week=week.isoformat(),
        added=[one.covered.finess for one in added],
        removed=[one.covered.finess for one in removed],
    )


def sites_in_reach(by: User, declaring: Establishment) -> dict[int, Establishment]:
    """The open sites of the entity that the person may fill, by id."""
    sites = Establishment.objects.for_user(by, to=Action.EPI_WRITE).open()
    return {site.pk: site for site in sites.filter(legal_entity=declaring.legal_entity_id)}


def coverages_given(declaring: Establishment, week: date) -> dict[int, CentralCoverage]:
    found = CentralCoverage.objects.on(week).filter(declaring=declaring)
    found = found.select_for_update(of=("self",)).select_related("covered")
    return {one.covered_id: one for one in found.order_by("pk")}


def planned_coverages(
    by: User, declaring: Establishment, covered: list[Establishment], week: date
) -> list[CentralCoverage]:
    """What is about to be added: each coverage without end, or until the site's next one."""
    later = CentralCoverage.objects.filter(covered__in=covered, first_week__gt=week)
    following = dict(later.order_by().values_list("covered").annotate(Min("first_week")))
    return [
        CentralCoverage(
            declaring=declaring,
            covered=site,
            first_week=week,
            last_week=shift(following[site.pk], -1) if site.pk in following else None,
            set_by=by,
        )
        for site in covered
    ]


def refuse_doubles(planned: list[CentralCoverage], declaring: Establishment, week: date) -> None:
    """A site that typed from ``week`` on, or that covers others, would be counted twice.

    The headers are locked first, in order: a cell typed at the same moment is seen, or waits.
    """
    if not planned:
        return
    weeks = weeks_back(current_week(), (current_week() - week).days // 7 + 1) or [week]
    sites = [one.covered_id for one in planned]
    lock_headers(weeks, sorted([declaring.pk, *sites]))
    lines = InventoryLine.objects.filter(is_filled(), week__in=weeks, establishment__in=sites)
    typed = sorted(set(lines.values_list("week", "establishment")))
    own = [
        (
            one.covered.name,
            [day for day, pk in typed if pk == one.covered_id and holds_on(one, day)],
        )
        for one in planned
    ]
    if named := [f"{name}, {weeks_text(days)}" for name, days in own if days]:
        raise CoverageError(
            f"{' ; '.join(named)} : une déclaration propre existe, le stock serait compté deux "
            "fois. Videz-la d’abord, ou ne cochez pas ce site."
        )
    refuse_chains(declaring, sites, week)


def refuse_chains(declaring: Establishment, sites: list[int], week: date) -> None:
    lasting = CentralCoverage.objects.filter(Q(last_week__isnull=True) | Q(last_week__gte=week))
    chained = lasting.filter(Q(declaring__in=sites) | Q(covered=declaring))
    if other := chained.select_related("declaring", "covered").first():
        raise CoverageError(
            f"{other.declaring} déclare déjà pour {other.covered} : un site couvert ne peut pas "
            "déclarer pour d’autres."
        )


def lock_headers(weeks: list[date], sites: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO epi_stocks_weeklyinventory AS kept (week, establishment_id, reason)
               SELECT day, site, '' FROM unnest(%s::date[]) AS day, unnest(%s::bigint[]) AS site
                ORDER BY day, site
               ON CONFLICT (week, establishment_id) DO UPDATE SET reason = kept.reason
               WHERE false""",
            [weeks, sites],
        )


def holds_on(coverage: CentralCoverage, week: date) -> bool:
    return coverage.last_week is None or week <= coverage.last_week


def weeks_text(weeks: list[date]) -> str:
    """« semaines du 09/11/2026 et du 16/11/2026 », the latest three at most."""
    names = [f"du {week:%d/%m/%Y}" for week in weeks[-3:]]
    if len(weeks) == 1:
        return f"semaine {names[0]}"
    return f"semaines {', '.join(names[:-1])} et {names[-1]}"


def end_before(coverage: CentralCoverage, week: date) -> None:
    """Stop a coverage so that ``week`` is no longer in it; one that begins there never was."""
    if coverage.first_week >= week:
        coverage.delete()
        return
    coverage.last_week = shift(week, -1)
    coverage.save(update_fields=["last_week", "set_at"])


def add_coverages(planned: list[CentralCoverage]) -> None:
    """The exclusion constraint decides when two people cover one site at the same moment."""
    try:
        with transaction.atomic():
            CentralCoverage.objects.bulk_create(planned)
    except IntegrityError:
        raise CoverageError(
            "Un de ces sites vient d’être coché par un autre : rien n’a changé. Rechargez la page."
        ) from None


def coverage_of(legal_entity_id: int, week: date) -> Coverage:
    """Count the expected sites of an entity, and those that declared or are covered."""
    with connection.cursor() as cursor:
        cursor.execute(COVERAGE, {"entity": legal_entity_id, "week": week})
        return Coverage(*cursor.fetchone())


COVERAGE = f"""
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
   AND (site.closed_on IS NULL OR site.closed_on >= %(week)s)
   AND {IS_EXPECTED.format(place="site")}
"""  # noqa: S608 - constants of this file and of the grid
