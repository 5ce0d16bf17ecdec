"""The three sources of the list: files of FINESS numbers, read with every defence [001]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Final

from common.identifiers import IdentifierError, normalize_finess
from common.tabular import (
    CellValue,
    ColumnSpec,
    ErrorReport,
    Limits,
    MissingColumnsError,
    read_table,
)
from establishments.models import Establishment, LegalEntity
from pui.models import OnboardingLine, Pui

Source = OnboardingLine.Source
FILES: Final = (Source.ARHGOS, Source.MAPUI, Source.SURVEY)
TITLES: Final = {
    Source.ARHGOS: "ARHGOS",
    Source.MAPUI: "maPUI.fr",
    Source.SURVEY: "Enquête médicament",
}
OF_SITE: Final = (
    "Numéro FINESS", "N° FINESS", "FINESS géographique", "N° FINESS géographique", "FINESS ET",
    "N° FINESS ET", "FINESS établissement", "nofinesset",
)  # fmt: skip
OF_ENTITY: Final = (
    "FINESS juridique", "N° FINESS juridique", "FINESS EJ", "N° FINESS EJ",
    "FINESS entité juridique", "nofinessej",
)  # fmt: skip
# a file that names both tells the site; its entity only where the site is blank
SITE_COLUMNS: Final = (
    ColumnSpec("finess", "FINESS", OF_SITE),
    ColumnSpec("entity", OF_ENTITY[0], OF_ENTITY[1:], required=False),
)
ENTITY_COLUMNS: Final = (ColumnSpec("finess", "FINESS", OF_ENTITY),)
LIMITS: Final = Limits()
# what each source says: the line of its file and the number, as they came
Told = Mapping[str, Sequence[tuple[int, CellValue]]]


@dataclass(slots=True)
class Draft:
    """One establishment named by a source or several; without a site, its entity is."""

    legal_entity: LegalEntity
    establishment: Establishment | None
    sources: set[str]

    @property
    def region_id(self) -> str:
        place = self.establishment or self.legal_entity
        return str(place.region_id)


@dataclass(slots=True)
class Found:
    """What the sources bring to the lists: new lines, lines that gain a source, refusals."""

    new: list[Draft] = field(default_factory=list)
    more: list[tuple[OnboardingLine, list[str]]] = field(default_factory=list)
    same: int = 0
    elsewhere: int = 0
    errors: ErrorReport = field(default_factory=ErrorReport)

    @property
    def by_region(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for draft in self.new:
            counts[draft.region_id] = counts.get(draft.region_id, 0) + 1
        return counts


def read_source(file: IO[bytes], filename: str) -> list[tuple[int, CellValue]]:
    """The numbers of one file, none for a line that has no number.

    ``TabularError`` says why it cannot be read.
    """
    try:
        table = read_table(file, columns=SITE_COLUMNS, filename=filename, limits=LIMITS)
    except MissingColumnsError:
        table = read_table(file, columns=ENTITY_COLUMNS, filename=filename, limits=LIMITS)
    told = [(row.line_number, row["finess"] or row.values.get("entity")) for row in table.rows]
    bare = [(line, None) for line in table.skipped_lines if line > table.header_line]
    return sorted([*told, *bare], key=lambda one: one[0])


@dataclass(frozen=True, slots=True)
class Counted:
    """How many numbers a source told, and how many of them it told several times."""

    title: str
    numbers: int
    doubles: int


def counted(told: Told) -> list[Counted]:
    found = []
    for name, rows in told.items():
        numbers = ["".join(str(value).split()) for _, value in rows if value is not None]
        doubles = len(numbers) - len(set(numbers))
        found.append(Counted(TITLES[Source(name)], len(numbers), doubles))
    return found


def check_sources(told: Told, region_codes: frozenset[str]) -> Found:
    """Find each number in the directory; keep the regions asked for. A fixed number of statements.

    An entity (EJ) whose sites are named, by a source or in the list already, adds its source to
    them rather than a line of its own; else its only open site is meant.
    """
    found = Found()
    wanted = _numbers(told, found.errors)
    drafts, entities = _placed(wanted, region_codes, found)
    lines = OnboardingLine.objects.filter(onboarding__region__in=region_codes)
    kept: dict[int, list[OnboardingLine]] = {}
    for line in lines.select_related("establishment"):
        kept.setdefault(line.legal_entity_id, []).append(line)
    _spread(entities, drafts, kept)
    for draft in drafts.values():
        _compare(draft, kept.get(draft.legal_entity.pk, []), found)
    return found


Wanted = dict[str, dict[str, int]]  # number → source → line of its file


def _numbers(told: Told, errors: ErrorReport) -> Wanted:
    wanted: Wanted = {}
    for source, rows in told.items():
        for number, value in rows:
            try:
                finess = normalize_finess(value)
            except IdentifierError as refusal:
                errors.add_refusal(number, TITLES[Source(source)], refusal)
            else:
                wanted.setdefault(finess, {}).setdefault(source, number)
    return wanted


def _placed(
    wanted: Wanted, region_codes: frozenset[str], found: Found
) -> tuple[dict[tuple[int, int | None], Draft], list[Draft]]:
    """The sites as drafts, by entity and number; the entities apart."""
    sites = Establishment.objects.filter(finess__in=wanted).select_related("legal_entity")
    places: dict[str, Establishment | LegalEntity] = {one.finess: one for one in sites}
    others = LegalEntity.objects.filter(finess__in=set(wanted) - set(places))
    places |= {one.finess: one for one in others}
    drafts: dict[tuple[int, int | None], Draft] = {}
    entities = []
    for finess, lines in wanted.items():
        place = places.get(finess)
        if place is None or place.closed_on or place.region_id is None:
            _refuse(found.errors, finess, lines, place)
        elif place.region_id not in region_codes:
            found.elsewhere += 1
        elif isinstance(place, Establishment):
            key = (place.legal_entity_id, place.pk)
            drafts[key] = Draft(place.legal_entity, place, set(lines))
        else:
            entities.append(Draft(place, None, set(lines)))
    return drafts, entities


def _refuse(
    errors: ErrorReport,
    finess: str,
    lines: Mapping[str, int],
    place: Establishment | LegalEntity | None,
) -> None:
    if place is None:
        reason = "inconnu de l’annuaire FINESS"
    elif place.closed_on:
        reason = f"fermé depuis le {place.closed_on:%d/%m/%Y}"
    else:
        reason = "dans un territoire sans ARS"
    for source, number in lines.items():
        expected = "le numéro d’un établissement ouvert d’une région"
        errors.add(number, TITLES[Source(source)], finess, reason, expected)


def _spread(
    entities: Sequence[Draft],
    drafts: dict[tuple[int, int | None], Draft],
    kept: Mapping[int, Sequence[OnboardingLine]],
) -> None:
    """Say of which site each entity speaks."""
    numbers = [one.legal_entity.pk for one in entities]
    open_sites: dict[int, list[Establishment]] = {}
    for site in Establishment.objects.open().filter(legal_entity__in=numbers):
        open_sites.setdefault(site.legal_entity_id, []).append(site)
    for entity in entities:
        number = entity.legal_entity.pk
        named = [draft for (owner, _), draft in drafts.items() if owner == number]
        sites = open_sites.get(number, [])
        listed = {line.establishment_id for line in kept.get(number, [])}
        if named:
            for draft in named:
                draft.sources |= entity.sources
            continue
        if listed:
            for pk in listed:
                site = next((one for one in sites if one.pk == pk), None)
                drafts[number, pk] = Draft(entity.legal_entity, site, set(entity.sources))
            continue
        entity.establishment = sites[0] if len(sites) == 1 else None
        drafts[number, entity.establishment.pk if entity.establishment else None] = entity


def _compare(draft: Draft, lines: Sequence[OnboardingLine], found: Found) -> None:
    """Already in the list, a place has its sources completed and nothing else touched."""
    place = draft.establishment.pk if draft.establishment else None
    there = [line for line in lines if line.establishment_id == place]
    if not there:
        found.new.append(draft)
    for line in there:
        added = sorted(draft.sources - set(line.sources))
        if added:
            found.more.append((line, added))
        else:
            found.same += 1


def known_puis(drafts: Sequence[Draft]) -> dict[tuple[int, int | None], list[Pui]]:
    """The pharmacies already in the register, by entity and site: their lines are filled."""
    sites = [one.establishment.pk for one in drafts if one.establishment]
    bare = [one.legal_entity.pk for one in drafts if one.establishment is None]
    rows = Pui.objects.filter(closed_on=None).select_related("establishment")
    found: dict[tuple[int, int | None], list[Pui]] = {}
    for pui in rows.filter(establishment__in=sites):
        key = (pui.establishment.legal_entity_id, pui.establishment_id)
        found.setdefault(key, []).append(pui)
    for pui in rows.filter(establishment__legal_entity__in=bare):
        found.setdefault((pui.establishment.legal_entity_id, None), []).append(pui)
    return found
