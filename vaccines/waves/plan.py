"""The delivery plan of a wave before it is written: from the needs, from a file, from a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any, Final

from django.db.models import QuerySet

from common.dates import DayError, parse_day
from common.identifiers import IdentifierError, normalize_finess
from common.numbers import NumberError, parse_integer
from common.refusal import RefusedValueError
from common.tabular import CellValue, ColumnSpec, ErrorReport, Limits, Row, read_table
from vaccines.models import SupplyLine, Vaccine
from vaccines.services.deliveries import FIELDS, Delivery
from vaccines.vials import Packed, packed
from vaccines.waves.board import TOLD

RECIPIENT: Final = "FINESS destinataire"
HEADERS: Final = {
    "expected_on": "Date prévue",
    "planned_doses": "Doses prévues",
    "shipped_on": "Expédiée le",
    "shipped_doses": "Doses expédiées",
}
COLUMNS: Final = (
    ColumnSpec("recipient", RECIPIENT, ("FINESS", "FINESS géographique")),
    *(ColumnSpec(name, header, required=False) for name, header in HEADERS.items()),
)
LIMITS: Final = Limits(max_rows=10_000)
# of the thousands of lines of a wave, what a plan reads and shows
NEEDED: Final = (
    *FIELDS,
    "first_doses",
    "second_doses",
    "planned_at",
    "recipient__finess",
    "recipient__name",
    "recipient__town",
    "pui__label",
)
EARLIEST: Final = date(2020, 1, 1)


@dataclass(slots=True)
class Plan:
    """What would be written, by line; ``seen`` are the marks of what stands now."""

    typed: dict[int, Delivery] = field(default_factory=dict)
    seen: dict[int, str] = field(default_factory=dict)
    lines: list[SupplyLine] = field(default_factory=list)
    errors: ErrorReport = field(default_factory=ErrorReport)
    same: int = 0

    def add(self, line: SupplyLine, wanted: Delivery) -> None:
        now = Delivery.of(line)
        if now == wanted:
            self.same += 1
            return
        self.typed[line.pk], self.seen[line.pk] = wanted, now.mark
        self.lines.append(line)

    @property
    def doses(self) -> int:
        return sum(one.planned_doses or 0 for one in self.typed.values())

    @property
    def shown_before(self) -> int:
        """Lines whose pharmacy is told that what it saw changed."""
        return sum(one.planned_at is not None for one in self.lines)


Content = list[list[Any]]


def pack(plan: Plan) -> Content:
    """As a form carries it from the preview to the confirmation."""
    return [[pk, one.mark, plan.seen[pk]] for pk, one in plan.typed.items()]


def unpack(content: Content) -> tuple[dict[int, Delivery], dict[int, str]]:
    typed = {int(pk): _delivery(mark) for pk, mark, _ in content}
    return typed, {int(pk): str(seen) for pk, _, seen in content}


def _delivery(mark: str) -> Delivery:
    expected, planned, shipped, sent = mark.split("|")
    return Delivery(
        date.fromisoformat(expected) if expected else None,
        int(planned) if planned else None,
        date.fromisoformat(shipped) if shipped else None,
        int(sent) if sent else None,
    )


def from_needs(rows: QuerySet[SupplyLine], expected_on: date) -> Plan:
    """The doses typed, for the lines that nobody planned; those that want nothing get nothing."""
    plan = Plan()
    unplanned = rows.filter(TOLD, planned_doses__isnull=True, received_whole_at__isnull=True)
    for line in unplanned.select_related("recipient", "pui").only(*NEEDED).order_by("pk"):
        if line.doses:
            plan.add(line, Delivery(line.expected_on or expected_on, line.doses))
    return plan


def vials_of(plan: Plan, vaccine: Vaccine) -> Packed | None:
    """The vials that a plan ships, each recipient rounded up; None: unknown on one of the days."""
    rules = list(vaccine.vials.order_by("-starts_on"))
    whole = Packed()
    for one in plan.typed.values():
        if one.expected_on is None or one.planned_doses is None:
            continue
        day = one.expected_on
        in_force = next((rule.doses for rule in rules if rule.starts_on <= day), None)
        if in_force is None:
            return None
        whole = whole + packed(one.planned_doses, in_force)
    return whole


def from_file(file: IO[bytes], filename: str, rows: QuerySet[SupplyLine]) -> Plan:
    """By number of the recipient; a blank cell changes nothing. ``TabularError``: unreadable."""
    table = read_table(file, columns=COLUMNS, filename=filename, limits=LIMITS)
    plan = Plan()
    numbers = _numbers(table.rows, plan.errors)
    known = rows.filter(recipient__finess__in=numbers.values())
    found = known.select_related("recipient", "pui").only(*NEEDED)
    lines = {one.recipient.finess: one for one in found}
    for row in table.rows:
        finess = numbers.get(row.line_number)
        if finess is None:
            continue
        line = lines.get(finess)
        if line is None:
            reason = "aucune ligne de cette vague que vous livrez"
            plan.errors.add(row.line_number, RECIPIENT, finess, reason, "un destinataire à vous")
        elif wanted := _wanted(row, line, plan.errors):
            plan.add(line, wanted)
    return plan


def _numbers(rows: Iterable[Row], errors: ErrorReport) -> dict[int, str]:
    found: dict[int, str] = {}
    told: dict[str, int] = {}
    for row in rows:
        try:
            finess = normalize_finess(row["recipient"])
        except IdentifierError as refusal:
            errors.add_refusal(row.line_number, RECIPIENT, refusal)
            continue
        if finess in told:
            reason = f"déjà présent à la ligne {told[finess]}"
            errors.add(row.line_number, RECIPIENT, finess, reason, "une ligne par destinataire")
            continue
        told[finess] = row.line_number
        found[row.line_number] = finess
    return found


def _wanted(row: Row, line: SupplyLine, errors: ErrorReport) -> Delivery | None:
    values: dict[str, Any] = {}
    for name, header in HEADERS.items():
        cell = row.values.get(name)
        try:
            value = read_value(name, cell)
        except (DayError, NumberError) as refusal:
            errors.add_refusal(row.line_number, header, refusal)
            return None
        values[name] = getattr(line, name) if value is None else value
    return Delivery(**values)


def read_value(name: str, cell: CellValue) -> date | int | None:
    """A day or a number of doses, by the name of the field. Blank is None, never 0."""
    if name in ("expected_on", "shipped_on"):
        return parse_day(cell, earliest=EARLIEST)
    return parse_integer(cell, maximum=1_000_000)


@dataclass(slots=True)
class TypedPage:
    """The fields of a page: as typed, as read, as shown before."""

    texts: dict[int, dict[str, str]] = field(default_factory=dict)
    typed: dict[int, Delivery] = field(default_factory=dict)
    seen: dict[int, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def read_page(sent: Mapping[str, str], lines: Sequence[SupplyLine]) -> TypedPage:
    """The fields of these lines that the form carried; a line without field is left alone."""
    page = TypedPage()
    for line in lines:
        if f"seen-{line.pk}" not in sent:
            continue
        texts = {name: sent.get(f"{name}-{line.pk}", "") for name in FIELDS}
        page.texts[line.pk], page.seen[line.pk] = texts, sent[f"seen-{line.pk}"]
        values = {}
        for name, text in texts.items():
            try:
                values[name] = read_value(name, text)
            except RefusedValueError as refusal:
                page.errors.append(f"{line.recipient}, {HEADERS[name].lower()}\u00a0: {refusal}")
        if len(values) == len(FIELDS):
            page.typed[line.pk] = Delivery(**values)
    return page
