"""What the inventory page shows, as plain values."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from common.cover import Level, Thresholds
from common.numbers import format_integer
from common.weeks import PARIS


@dataclass(frozen=True, slots=True)
class Proposal:
    """What orders say of an item this week, beside what is typed; nobody writes it but a person."""

    expected: int  # still to come
    received: int
    sources: tuple[str, ...]  # « commande C-2026-000123 »

    @property
    def quantity(self) -> int:
        return self.expected + self.received

    @property
    def words(self) -> str:
        """« 900 reçus », « 900 attendus », « 900, dont 300 reçus »."""
        whole = format_integer(self.quantity)
        if not self.received:
            return f"{whole}\u00a0attendu{'s' if self.quantity > 1 else ''}"
        came = f"{format_integer(self.received)}\u00a0reçu{'s' if self.received > 1 else ''}"
        return f"{whole}, dont {came}" if self.expected else came


@dataclass(frozen=True, slots=True)
class Cell:
    """One measure of one item: its value this week, and in the last declared week."""

    item_id: int
    measure: str  # "stock", "daily" or "supply"
    label: str  # the exact heading of the column
    value: int | None
    previous: int | None  # in the last declared week
    doubt: str = ""  # why it is to check, a sentence; empty when it is not
    is_confirmed: bool = False  # « C’est exact » was said
    is_read_only: bool = False  # computed total of sizes, or closed week, or no right
    proposal: Proposal | None = None

    @property
    def name(self) -> str:
        """The name of the form field: « 1-stock »."""
        return f"{self.item_id}-{self.measure}"

    @property
    def is_missing(self) -> bool:
        """Blank while the last declared week had a value: told at the end, never stored."""
        return self.value is None and self.previous is not None

    @property
    def is_to_take(self) -> bool:
        """Orders say another number than the one typed, or than none."""
        if self.proposal is None or self.is_read_only:
            return False
        return self.proposal.quantity != self.value


@dataclass(frozen=True, slots=True)
class GridRow:
    """One item. For gloves by size, ``is_total`` and cells hold the computed sums."""

    item_id: int
    code: str
    label: str
    parent_id: int | None
    size_kind: str  # "", "medical" or "surgical"
    cells: list[Cell]  # stock, daily, supply
    days: Decimal | None
    level: Level
    thresholds: Thresholds
    is_total: bool = False
    note: str = ""  # « stock non renseigné », « rien de saisi », « à vérifier : taille S »


@dataclass(frozen=True, slots=True)
class SiteState:
    """Where a site stands this week: a key for the icon, and the sentence."""

    key: str  # "declared", "started", "covered", "empty", "late", "not_expected"
    sentence: str  # « en cours, 25 cases sur 33 »
    css_class: str  # app-etat--ok …
    icon: str  # fr-icon-…


@dataclass(frozen=True, slots=True)
class Site:
    establishment_id: int
    finess: str
    name: str
    is_main: bool
    state: SiteState
    is_current: bool = False
    is_covered_here: bool = False  # ticked on the site shown, which declares for it
    has_own_cells: bool = False  # typed something this week: it cannot be covered
    is_expected: bool = False  # a declaration of it is awaited this week

    @property
    def is_up_to_date(self) -> bool:
        """Nothing is left to type for it this week."""
        return self.state.key in ("declared", "covered")

    @property
    def is_declared(self) -> bool:
        """By its own cells, even the first of them, or by the site that covers it."""
        return self.has_own_cells or self.state.key == "covered"


@dataclass(frozen=True, slots=True)
class Entity:
    """A legal entity of the drop-down with its sites."""

    finess: str
    name: str
    sites: list[Site]

    @property
    def up_to_date(self) -> int:
        return sum(site.is_up_to_date for site in self.sites)


@dataclass(frozen=True, slots=True)
class Grid:
    """Everything above and inside the table."""

    establishment_id: int
    finess: str
    name: str
    legal_entity_id: int
    legal_entity_name: str
    is_main: bool  # marked, or proposed where none is marked: it may declare for other sites
    week: date
    week_label: str
    is_own: bool  # the person fills this site's inventory, be this week open or not
    is_open: bool  # the calendar (or a reopening) lets one type
    may_write: bool  # the person may, and it is open, and the site is not covered
    closed_sentence: str  # why not, when ``may_write`` is False
    deadline: datetime
    deadline_sentence: str  # « Attendu avant vendredi 20/11 à 18 h »
    closes_at: datetime
    reopened_until: datetime | None
    declared_weeks: set[date]  # among the weeks of the selector
    reopened_weeks: set[date]  # likewise
    reopening_reason: str
    covered_by: str  # name of the site that declares for this one
    first_saved_at: datetime | None
    last_saved_at: datetime | None
    last_week: date | None  # the last declared week before this one
    last_sentence: str  # « La semaine du 09/11/2020 (dernière renseignée) vous avez déclaré … »
    rows: list[GridRow]
    open_sizes: list[str] = field(default_factory=list)  # "medical", "surgical"
    filled: int = 0  # cells with a value
    countable: int = 0  # cells offered (without a computed total)
    to_check: int = 0
    blank_to_copy: int = 0  # cells that « Rien n’a changé » would fill
    state: SiteState | None = None

    @property
    def proposed(self) -> list[tuple[GridRow, Proposal]]:
        """What orders announce, item by item, taken already or not."""
        cells = ((row, row.cells[-1].proposal) for row in self.rows)
        return [(row, proposal) for row, proposal in cells if proposal]

    @property
    def to_take(self) -> list[Cell]:
        return [row.cells[-1] for row in self.rows if row.cells[-1].is_to_take]

    @property
    def reopening_last_day(self) -> date | None:
        """The day in Paris at whose end the reopening stops: « jusqu’au 25/11/2026 inclus »."""
        if self.reopened_until is None:
            return None
        return (self.reopened_until - timedelta(microseconds=1)).astimezone(PARIS).date()
