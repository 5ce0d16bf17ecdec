"""Read the lines of a file one by one: what each says, or why it cannot be taken."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from common.identifiers import IdentifierError, format_finess, normalize_finess
from common.numbers import NumberError, parse_integer
from common.tabular import ErrorReport, Row
from common.tabular.header import key_of
from epi_stocks.calendar import calendar_of
from epi_stocks.indicators import is_filled
from epi_stocks.models import CentralCoverage, EpiItem, InventoryLine, WeeklyInventory
from epi_stocks.models.inventory import MEASURES
from epi_stocks.transfer.columns import FINESS, ITEM, LABELS, WEEK
from establishments.models import Establishment
from establishments.perimeter import Action

DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class TypedLine:
    number: int
    place: Establishment
    item: EpiItem
    values: dict[str, int | None]

    @property
    def is_blank(self) -> bool:
        return all(value is None for value in self.values.values())


class LineReader:
    """Everything that lines are checked against, read once whatever their number."""

    def __init__(self, by: User, week: date, now: datetime):
        self.week = week
        self.errors = ErrorReport()
        places = Establishment.objects.for_user(by, to=Action.EPI_WRITE)
        self.places = {place.finess: place for place in places}
        counted = EpiItem.objects.on(week).select_related("parent")
        self.items = {key_of(name): one for one in counted for name in (one.label, one.plural)}
        self.refusals = self._refusals(now)

    def _refusals(self, now: datetime) -> dict[int, str]:
        """Why each place cannot be typed for this week; silent places can."""
        calendar = calendar_of(self.week)
        ids = [place.pk for place in self.places.values()]
        reopened = dict(
            WeeklyInventory.objects.filter(week=self.week, establishment__in=ids).values_list(
                "establishment", "reopened_until"
            )
        )
        found = {}
        for place in self.places.values():
            if place.closed_on and place.closed_on < self.week:
                found[place.pk] = "cet établissement était fermé cette semaine-là"
            elif not calendar.is_open(now, reopened.get(place.pk)):
                found[place.pk] = "la semaine n’est pas ouverte à la saisie"
        covered = CentralCoverage.objects.on(self.week).filter(covered__in=ids)
        for coverage in covered.select_related("declaring"):
            found[coverage.covered_id] = f"ce site est couvert par {coverage.declaring}"
        return found

    def read(self, rows: list[Row]) -> list[TypedLine]:
        """Return the lines that say something; fill ``errors`` with what is wrong.

        A file wrong from end to end is left where its report is cut: a worker has others to answer.
        """
        lines = []
        for row in rows:
            if (line := self._line(row)) and not line.is_blank:
                lines.append(line)
            if self.errors.is_cut:
                return lines
        said = [row for row in rows if any(row[one] is not None for one in MEASURES)]
        said = [row for row in said if self._is_of_this_week(row)]
        self.errors.add_repeated(said, ITEM.header, self._key)
        self._refuse_both_totals_and_sizes(lines)
        return lines

    def _line(self, row: Row) -> TypedLine | None:
        if not self._is_of_this_week(row):  # what it holds was true of its own week: no more said
            expected = f"{self.week:%d/%m/%Y}, la semaine choisie"
            reason = "ce n’est pas la semaine choisie"
            self.errors.add(row.line_number, WEEK.header, row["week"], reason, expected)
            return None
        place, item = self._place(row), self._item(row)
        values = {measure: self._number(row, measure) for measure in MEASURES}
        if place is None or item is None:
            return None
        line = TypedLine(row.line_number, place, item, values)
        if not line.is_blank and (refusal := self.refusals.get(place.pk)):
            expected = "un établissement à déclarer cette semaine"
            self.errors.add(row.line_number, FINESS.header, place.finess, refusal, expected)
            return None
        return line

    def _key(self, row: Row) -> str | None:
        try:
            finess = normalize_finess(row["finess"])
        except IdentifierError:
            return None
        item = self.items.get(key_of(row["item"]))
        return f"{format_finess(finess)}, {item.label}" if item else None

    def _place(self, row: Row) -> Establishment | None:
        expected = "un établissement que vous pouvez remplir"
        try:
            finess = normalize_finess(row["finess"])
        except IdentifierError as refusal:
            if refusal.proposal and refusal.proposal not in self.places:
                reason = "ce n’est pas un numéro FINESS de 9 caractères"
                self.errors.add(row.line_number, FINESS.header, row["finess"], reason, expected)
            else:
                self.errors.add_refusal(row.line_number, FINESS.header, refusal)
            return None
        if finess not in self.places:
            reason = "il n’est pas dans votre périmètre"
            self.errors.add(row.line_number, FINESS.header, row["finess"], reason, expected)
        return self.places.get(finess)

    def _item(self, row: Row) -> EpiItem | None:
        item = self.items.get(key_of(row["item"])) if row["item"] is not None else None
        if item is None:
            reason = "ce consommable n’est pas compté cette semaine"
            expected = "un consommable du modèle, écrit de la même façon"
            self.errors.add(row.line_number, ITEM.header, row["item"], reason, expected)
        return item

    def _number(self, row: Row, measure: str) -> int | None:
        try:
            return parse_integer(row[measure])
        except NumberError as refusal:
            self.errors.add_refusal(row.line_number, LABELS[measure], refusal)
            return None

    def _is_of_this_week(self, row: Row) -> bool:
        """An export holds its week: a line of another one is not declared here by mistake."""
        if (text := row["week"]) is None:
            return True
        for pattern in DATE_FORMATS:
            try:
                day = datetime.strptime(str(text)[:10], pattern).date()  # noqa: DTZ007 - a date
            except ValueError:
                continue
            if day == self.week:
                return True
        return False

    def _refuse_both_totals_and_sizes(self, lines: list[TypedLine]) -> None:
        """In the file, and a total of the file over sizes already typed on screen."""
        sizes: dict[tuple[int, int], set[int]] = defaultdict(set)
        for line in lines:
            if line.item.parent_id:
                sizes[line.place.pk, line.item.parent_id].add(line.number)
        held = set(
            InventoryLine.objects.filter(
                is_filled(),
                week__in=[self.week],
                establishment__in={line.place.pk for line in lines},
                item__parent__isnull=False,
            ).values_list("establishment", "item__parent")
        )
        for line in lines:
            key = line.place.pk, line.item.pk
            expected = f"la ligne « {line.item.label} » ou ses tailles, jamais les deux"
            for number in sorted(sizes.get(key, ())):
                reason = f"une taille, et le total à la ligne {line.number}"
                self.errors.add(number, ITEM.header, line.item.label, reason, expected)
            if key in sizes:
                reason = "le total, et des tailles dans le même fichier"
                self.errors.add(line.number, ITEM.header, line.item.label, reason, expected)
            elif key in held:
                reason = "ses tailles sont déjà saisies cette semaine"
                self.errors.add(line.number, ITEM.header, line.item.label, reason, expected)
