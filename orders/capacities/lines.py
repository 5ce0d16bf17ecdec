"""Read the lines of a file one by one: what each says, or why it cannot be taken."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import User
from common.dates import DayError, parse_day
from common.identifiers import IdentifierError, normalize_finess
from common.numbers import NumberError, parse_integer
from common.tabular import ErrorReport, Row
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action
from orders.capacities.columns import DAY, FINESS, NUMBERS

EARLIEST = date(2000, 1, 1)
LARGEST = 100_000
MOST_NAMED = 3  # lines that say the same thing
EXPECTED = "un établissement ouvert de votre ressort"


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """One cell: so many of a basis in a place, on a day."""

    line: int
    site: int
    finess: str
    name: str
    basis: str
    quantity: int
    as_of: date


@dataclass(frozen=True, slots=True)
class Place:
    pk: int
    name: str
    is_open: bool
    is_reached: bool


class LineReader:
    """What lines are checked against, read once whatever their number."""

    def __init__(self, by: User, rows: list[Row]) -> None:
        self.errors, self.rows = ErrorReport(), rows
        self.today = timezone.localdate()
        self.unknown: list[str] = []
        self.numbers = dict(self._numbers())
        asked = list(set(self.numbers.values()))
        known = Establishment.objects.filter(finess__in=asked)
        reached = set(
            Establishment.objects.for_user(by, to=Action.CAP_VALIDATE)
            .filter(finess__in=asked)
            .values_list("pk", flat=True)
        )
        fields = known.values_list("finess", "pk", "name", "closed_on")
        self.places = {
            finess: Place(pk, name, closed is None, pk in reached)
            for finess, pk, name, closed in fields
        }
        self.entities = frozenset(
            LegalEntity.objects.filter(finess__in=asked).values_list("finess", flat=True)
        )

    def _numbers(self) -> Iterator[tuple[int, str]]:
        for row in self.rows:
            try:
                yield row.line_number, normalize_finess(row["finess"])
            except IdentifierError as refusal:
                self.errors.add_refusal(row.line_number, FINESS.header, refusal)

    def read(self) -> Iterator[TypedNumber]:
        """What the file says, in its order; ``errors`` and ``unknown`` fill meanwhile."""
        told: dict[tuple[int, str], list[TypedNumber]] = {}
        for row in self.rows:
            for one in self._line(row):
                told.setdefault((one.site, one.basis), []).append(one)
        for same in told.values():
            if len(same) == 1:
                yield same[0]
            else:
                self._refuse_all(same)

    def _refuse_all(self, same: list[TypedNumber]) -> None:
        """Nobody knows which one is right."""
        for one in same:
            others = [str(other.line) for other in same[: MOST_NAMED + 1] if other is not one]
            named = ", ".join(others[:MOST_NAMED])
            more = " et d’autres" if len(same) > MOST_NAMED + 1 else ""
            where = "à la ligne" if len(same) == 2 else "aux lignes"
            reason = f"aussi dit {where} {named}{more}"
            self.errors.add(one.line, NUMBERS[one.basis].header, one.quantity, reason,
                            "un seul nombre par établissement")  # fmt: skip

    def _line(self, row: Row) -> Iterable[TypedNumber]:
        finess = self.numbers.get(row.line_number)
        if finess is None:
            return []
        place, numbers = self._place(row, finess), self._quantities(row)
        day = self._day(row) if numbers else None
        if place is None or day is None:
            return []
        return [
            TypedNumber(row.line_number, place.pk, finess, place.name, basis, quantity, day)
            for basis, quantity in numbers.items()
        ]

    def _place(self, row: Row, finess: str) -> Place | None:
        place = self.places.get(finess)
        if place is not None and place.is_reached and place.is_open:
            return place
        if place is None and finess in self.entities:
            reason = "c’est le numéro d’une entité juridique (EJ)"
            self._add(row, FINESS.header, finess, reason, "le numéro de chaque établissement (ET)")
        elif place is None:
            self.unknown.append(finess)
            self._add(row, FINESS.header, finess, "inconnu de l’annuaire FINESS", EXPECTED)
        elif not place.is_reached:
            reason = f"{place.name} n’est pas de votre région"
            self._add(row, FINESS.header, finess, reason, EXPECTED)
        else:
            self._add(row, FINESS.header, finess, f"{place.name} est fermé", EXPECTED)
        return None

    def _quantities(self, row: Row) -> dict[str, int]:
        found = {}
        for basis, spec in NUMBERS.items():
            try:
                number = parse_integer(row.values.get(spec.name), maximum=LARGEST)
            except NumberError as refusal:
                self.errors.add_refusal(row.line_number, spec.header, refusal)
                continue
            if number is not None:
                found[str(basis)] = number
        return found

    def _day(self, row: Row) -> date | None:
        try:
            day = parse_day(row["as_of"], earliest=EARLIEST, latest=self.today)
        except DayError as refusal:
            self.errors.add_refusal(row.line_number, DAY.header, refusal)
            return None
        if day is None:
            reason = "elle manque"
            self._add(row, DAY.header, None, reason, "le jour où ces nombres étaient vrais")
        return day

    def _add(self, row: Row, column: str, value: object, reason: str, expected: str) -> None:
        self.errors.add(row.line_number, column, value, reason, expected)
