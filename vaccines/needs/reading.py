"""The page of a pharmacy: a block for each recipient, its lines from the newest to the oldest.

A dozen statements whatever the number of lines: ten recipients a page.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from establishments.models import Establishment
from establishments.perimeter import Action
from pui.models import Pui
from vaccines.models import Reception, SupplyLine
from vaccines.needs.forms import NeedForm, ReceptionForm, VaccinatedForm
from vaccines.needs.moves import Moved, moves_of
from vaccines.needs.recalled import chains_of, earlier_in, rank_in
from vaccines.needs.texts import rank_text
from vaccines.recalls import Need, gap_of, is_too_early, recalled_by
from vaccines.services.receptions import expected_doses
from vaccines.states import State, is_due, is_need_open, is_reception_open, state_of

RELATED = (
    "wave__vaccine",
    "pivot__establishment",
    "pui__establishment",
    "recipient__department",
    "need_by",
)


@dataclass(slots=True)
class Row:
    """A line as the page shows it; a form only where this person may write."""

    line: SupplyLine
    state: State
    rank: int
    recalled: SupplyLine | None
    receptions: list[Reception]
    is_due: bool
    moved: Moved | None = None
    is_writable: bool = False
    need_form: NeedForm | None = None
    reception_form: ReceptionForm | None = None
    vaccinated_form: VaccinatedForm | None = None

    @property
    def title(self) -> str:
        return rank_text(self.rank)

    @property
    def received(self) -> int:
        return sum(one.doses for one in self.receptions)

    @property
    def expected(self) -> int | None:
        return expected_doses(self.line)

    @property
    def remaining(self) -> int:
        """Doses that did not come yet."""
        return max((self.expected or 0) - self.received, 0)

    @property
    def gap(self) -> int:
        """Recalls beyond the people vaccinated with the delivery recalled."""
        need = Need(self.line.first_doses, self.line.second_doses)
        return gap_of(need, self.recalled, self.line.wave.delivers_on)

    @property
    def is_recall_early(self) -> bool:
        """The people of the delivery recalled may not come back yet: no recall is no gap."""
        day = self.line.wave.delivers_on
        return self.recalled is not None and is_too_early(self.recalled, day)

    @property
    def are_recalls_blank(self) -> bool:
        """One number is typed and not the other: nothing is ordered yet."""
        return self.line.first_doses is not None and self.line.second_doses is None

    @property
    def are_firsts_blank(self) -> bool:
        return self.line.second_doses is not None and self.line.first_doses is None

    @property
    def is_gap_unexplained(self) -> bool:
        """The people vaccinated were told after the recalls: the difference has no reason yet."""
        return bool(self.gap and not self.line.comment)

    @property
    def people_beyond_doses(self) -> int:
        return (self.line.vaccinated or 0) - self.received if self.receptions else 0

    @property
    def may_correct(self) -> bool:
        """Something was told of what came; each number is put right with a reason."""
        told = self.receptions or self.line.received_whole_at or self.line.vaccinated is not None
        return bool(self.is_writable and told and not self.line.removed_at)

    @property
    def has_form(self) -> bool:
        return bool(self.need_form or self.reception_form or self.vaccinated_form)

    @property
    def is_past(self) -> bool:
        """Nothing is awaited of it any more."""
        return self.state in (State.RECEIVED, State.REMOVED) and not self.has_form


@dataclass(slots=True)
class Block:
    """One recipient of one pharmacy; ``rows`` from the newest wave to the oldest."""

    recipient: Establishment
    pui: Pui
    rows: list[Row]

    @property
    def is_of_one_origin(self) -> bool:
        return len({(row.line.flow, row.line.pivot_id) for row in self.rows}) == 1

    @property
    def is_of_one_vaccine(self) -> bool:
        return len({row.line.wave.vaccine_id for row in self.rows}) == 1

    @property
    def shown(self) -> list[Row]:
        """The two newest, what is under way, and what that recalls."""
        folded = {row.line.pk for row in self.folded}
        return [row for row in self.rows if row.line.pk not in folded]

    @property
    def folded(self) -> list[Row]:
        """The past, a line each: a recipient of twenty waves reads as one of two."""
        recalled = {row.recalled.pk for row in self.rows if row.need_form and row.recalled}
        return [row for row in self.rows[2:] if row.is_past and row.line.pk not in recalled]

    @property
    def newest(self) -> SupplyLine:
        return self.rows[0].line


def lines_of(user: User) -> QuerySet[SupplyLine]:
    """Those of one's pharmacies."""
    return SupplyLine.objects.for_user(user, to=Action.VAC_READ)


def blocks_of(user: User, lines: Collection[SupplyLine], now: datetime) -> list[Block]:
    """The lines with what surrounds them; forms where this person may write."""
    chain, moved = chains_of(lines), moves_of(lines)
    pks = [one.pk for one in lines]
    own = SupplyLine.objects.for_user(user, to=Action.VAC_NEED).filter(pk__in=pks)
    writable = set(own.values_list("pk", flat=True))
    received: dict[int, list[Reception]] = {}
    for one in Reception.objects.filter(line__in=pks):
        received.setdefault(one.line_id, []).append(one)
    rows = [_row(one, chain, received.get(one.pk, []), now) for one in lines]
    for row in rows:
        row.moved = moved.get(row.line.pk)
        if row.line.pk in writable:
            give_forms(row, now)
    keyed = sorted(rows, key=_place)
    return [
        Block(found[0].line.recipient, found[0].line.pui, found)
        for found in (list(group) for _, group in groupby(keyed, key=lambda row: _place(row)[:3]))
    ]


def _place(row: Row) -> tuple[str, int, int, int, int]:
    """By recipient; within it, the newest wave on top."""
    line = row.line
    newest_first = -line.wave.delivers_on.toordinal()
    return line.recipient.name, line.recipient_id, line.pui_id, newest_first, -line.pk


def _row(
    line: SupplyLine, chain: Iterable[SupplyLine], receptions: list[Reception], now: datetime
) -> Row:
    return Row(
        line=line,
        state=state_of(line, now),
        rank=rank_in(chain, line),
        recalled=recalled_by(line, earlier_in(chain, line)),
        receptions=receptions,
        is_due=is_due(line, timezone.localdate(now)),
    )


def give_forms(row: Row, now: datetime) -> None:
    """Those that are open on this line; what was told once is put right on its own page."""
    line, today = row.line, timezone.localdate(now)
    row.is_writable = True
    if is_need_open(line, now):
        row.need_form = NeedForm(None, line=line, recalled=row.recalled)
    if is_reception_open(line, today):
        row.reception_form = ReceptionForm(None, line=line, today=today, seen=last_of(row))
    if row.is_due and not line.removed_at and line.vaccinated is None:
        row.vaccinated_form = VaccinatedForm(None, line=line)


def last_of(row: Row) -> str:
    """As ``receptions.version_of`` says, from what is read."""
    return str(max((one.pk for one in row.receptions), default=""))
