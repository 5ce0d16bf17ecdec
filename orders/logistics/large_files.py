"""The list of the large beneficiaries as a file: read, checked line by line, written back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Final

from django.http import FileResponse

from common.exports import spreadsheet_response, template_response
from common.tabular import ColumnSpec, ErrorReport
from orders.logistics.finding import FINESS, FINESS_COLUMN, Asked, beneficiaries_of, read_lines
from orders.models import Beneficiary, Platform
from orders.services.large import large_now, mark

PLATFORM: Final = "Plateforme SPF"
COLUMNS: Final = (
    FINESS_COLUMN,
    ColumnSpec("platform", PLATFORM, ("Plateforme", "Code plateforme"), required=False),
)
HEADERS: Final = (FINESS, PLATFORM, "Nom", "Région", "Nom de la plateforme")
NOTES: Final = (
    "Une ligne par grand établissement, sous le numéro FINESS avec lequel il commande.",
    "Plateforme SPF\u00a0: le code de la plateforme qui le sert. Sans plateforme, la ligne est "
    "refusée.",
    "Les autres colonnes d’un export ne sont pas lues.",
)


class Mode(StrEnum):
    """What the file does to the list."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


MODES: Final = (
    (Mode.REPLACE, "Remplacer toute la liste par ce fichier"),
    (Mode.ADD, "Ajouter ces établissements, ou changer leur plateforme"),
    (Mode.REMOVE, "Retirer ces établissements de la liste"),
)


@dataclass(slots=True)
class Drafted:
    """What the list would become; nobody by its number: no platform any more."""

    mode: Mode
    platforms: dict[int, int] = field(default_factory=dict)
    removed: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    total: int = 0
    seen: str = ""
    errors: ErrorReport = field(default_factory=ErrorReport)

    @property
    def is_ready(self) -> bool:
        return not self.errors.errors and bool(self.added or self.changed or self.removed)

    @property
    def loses_many(self) -> bool:
        """More than one in twenty goes: a file that was cut short does that."""
        return self.mode is Mode.REPLACE and self.removed * 20 > self.removed + self.same


def read_file(file: IO[bytes], filename: str) -> list[Asked]:
    return read_lines(file, filename, COLUMNS)[0]


def check(asked: Sequence[Asked], mode: Mode) -> Drafted:
    """Each refusal with its line and its reason; with one of them nothing is written."""
    now = large_now()
    drafted = Drafted(mode, seen=mark(now))
    places = beneficiaries_of(asked, drafted.errors)
    _refuse_twice(asked, places, drafted.errors)
    if mode is Mode.REMOVE:
        gone = {place.pk for place in places.values()} & now.keys()
        drafted.platforms = {pk: one for pk, one in now.items() if pk not in gone}
    else:
        named = _platforms(asked, places, drafted.errors)
        drafted.platforms = named if mode is Mode.REPLACE else now | named
    _count(drafted, now)
    drafted.same = drafted.total - drafted.added - drafted.changed
    return drafted


def _platforms(
    asked: Sequence[Asked], places: dict[int, Beneficiary], errors: ErrorReport
) -> dict[int, int]:
    known = {one.code.casefold(): one for one in Platform.objects.filter(is_open=True)}
    codes = ", ".join(sorted(known)) or "aucune plateforme n’est ouverte"
    found: dict[int, int] = {}
    for one in asked:
        platform = known.get(one.name.strip().casefold())
        if platform is None:
            reason = "n’est pas une plateforme en service" if one.name else "sans plateforme"
            errors.add(one.number, PLATFORM, one.name, reason, codes)
        elif one.number in places:
            found[places[one.number].pk] = platform.pk
    return found


def _refuse_twice(
    asked: Sequence[Asked], places: dict[int, Beneficiary], errors: ErrorReport
) -> None:
    lines: dict[int, list[int]] = {}
    for one in asked:
        if one.number in places:
            lines.setdefault(places[one.number].pk, []).append(one.number)
    finess = {one.number: one.finess for one in asked}
    for numbers in lines.values():
        for number in numbers if len(numbers) > 1 else ():
            others = ", ".join(str(other) for other in numbers if other != number)
            reason = f"déjà présent à la ligne {others}"
            errors.add(number, FINESS, finess[number], reason, "une ligne par établissement")


def _count(drafted: Drafted, now: dict[int, int]) -> None:
    after = drafted.platforms
    drafted.total = len(after)
    drafted.added = len(after.keys() - now.keys())
    drafted.removed = len(now.keys() - after.keys())
    drafted.changed = sum(now[pk] != after[pk] for pk in after.keys() & now.keys())


def export() -> FileResponse:
    """Importing it back changes nothing."""
    return spreadsheet_response("Grands établissements", HEADERS, _rows(), filename="grands")


def template() -> FileResponse:
    return template_response(
        HEADERS[:2],
        [],
        NOTES,
        filename="modele-grands-etablissements",
        title="Grands établissements",
        text_columns=HEADERS[:2],
        choices={PLATFORM: [one.code for one in Platform.objects.filter(is_open=True)]},
    )


def _rows() -> Iterator[tuple[str, ...]]:
    rows = Beneficiary.objects.filter(platform__isnull=False).select_related(
        "establishment", "legal_entity", "platform", "region"
    )
    for one in rows.order_by("platform__code", "pk"):
        region = one.region.name if one.region else ""
        yield one.finess, one.platform.code, one.place.name, region, one.platform.label
