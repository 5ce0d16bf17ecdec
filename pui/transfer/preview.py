"""What the page draws of a declaration before it is confirmed: counted, grouped, told in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from common.cover import Level, days_of_cover
from medications.models import Priority, Product
from medications.thresholds import level_of
from pui.models import Transmission
from pui.transfer.changes import expiry_gaps, gaps_of
from pui.transfer.columns import LABELS
from pui.transfer.followed import Followed, followed_by
from pui.transfer.sentences import counted, in_words
from pui.transfer.shapes import Answer, Kind, Line, Remark

ONCE = (
    "Tout est enregistré en une fois, ou rien ne l’est. Un fichier corrigé envoyé plus tard "
    "remplacera celui-ci\u00a0; le journal garde les deux."
)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line beside its product and what the same product was at the last declaration.

    ``product`` is the one it is declared under: read from its code, or chosen.
    """

    line: Line
    product: Product | None = None
    priority: Priority | None = None
    gaps: Sequence[str] = ()  # its large changes: « stock × 10 »

    @property
    def name(self) -> str:
        """That of its answer in the form."""
        return f"ligne-{self.line.number}"

    @property
    def label(self) -> str:
        return self.product.label if self.product else self.line.label

    @property
    def stock(self) -> Decimal | None:
        return self.line.quantities[0]

    @property
    def daily(self) -> Decimal | None:
        return self.line.quantities[1]

    @property
    def is_only_expired(self) -> bool:
        """Whether its expiry alone is asked about."""
        return list(self.gaps) == expiry_gaps(self.line) != []

    @property
    def is_reassigned(self) -> bool:
        """Whether its product was chosen by the person."""
        return self.line.chosen_id is not None

    @property
    def is_new(self) -> bool:
        """Whether this pharmacy declares the product for the first time."""
        return self.product is not None and self.line.before is None and not self.line.is_blank

    @property
    def cover_before(self) -> Decimal | None:
        before = self.line.before
        return days_of_cover(before.stock, before.daily) if before else None

    @property
    def level_before(self) -> Level | None:
        before = self.line.before
        return level_of(before.stock, before.daily) if before else None

    @property
    def cover_after(self) -> Decimal | None:
        return days_of_cover(self.stock, self.daily)

    @property
    def level_after(self) -> Level:
        return level_of(self.stock, self.daily)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and what it was read as; ``role`` and ``label`` blank: not read."""

    header: str
    role: str
    label: str


@dataclass
class Preview:
    """Everything the page says. Groups are in the order of the page: what costs most to miss.

    ``unknown`` holds the codes that still are; one that was given a product far from its last
    declaration has gone to ``changes``, and says so by ``is_reassigned``.
    """

    transmission: Transmission
    followed: int  # products of the list: the 52 of « 46 sur 52 UCD suivies »
    is_virtual: bool = False
    refused: list[ShownLine] = field(default_factory=list)
    unknown: list[ShownLine] = field(default_factory=list)
    changes: list[ShownLine] = field(default_factory=list)
    outside: list[ShownLine] = field(default_factory=list)
    fine: list[ShownLine] = field(default_factory=list)
    blank: list[ShownLine] = field(default_factory=list)  # of the list, without any quantity
    missing: list[Product] = field(default_factory=list)  # of the list, absent from the file
    choices: list[Product] = field(default_factory=list)  # « un autre produit de la liste »
    columns: list[Column] = field(default_factory=list)
    version: int = 0  # sent back by the form with each answer
    before_on: date | None = None  # the due day of the last declaration compared with

    @property
    def counted_as(self) -> str:
        return (
            "médicaments virtuels suivis"
            if self.is_virtual
            else self.transmission.monitored_list.words.followed_products
        )

    @cached_property
    def everything(self) -> list[ShownLine]:
        groups = (self.refused, self.unknown, self.changes, self.outside, self.fine, self.blank)
        return [one for group in groups for one in group]

    @property
    def read(self) -> int:
        """Products of the list found in the file, refused lines and doubtful codes included: with
        ``missing`` they make ``followed`` when nothing is doubtful.
        """
        return len({one.product.pk for one in self.everything if one.product})

    @property
    def new(self) -> list[ShownLine]:
        """Products declared for the first time by this pharmacy."""
        return [one for one in self.everything if one.is_new and one.line.kind is not Kind.REFUSED]

    @property
    def noted(self) -> list[tuple[Remark, int]]:
        """What was read otherwise than written (a FINESS without its zero), on how many lines."""
        shown = [*self.fine, *self.blank, *self.changes]
        return list(Counter(remark for one in shown for remark in one.line.remarks).items())

    @property
    def to_decide(self) -> int:
        return len(self.unknown) + len(self.changes)

    @property
    def waiting(self) -> int:
        """Answers still missing: while there are some, nothing can be confirmed."""
        return sum(one.line.waits for one in self.everything)

    @property
    def decided_sentence(self) -> str:
        """« 2 codes non reconnus, 3 gros écarts, 1 produit périmé »."""
        expired = len([one for one in self.changes if one.is_only_expired])
        groups = [
            (len(self.unknown), "code non reconnu", "codes non reconnus"),
            (len(self.changes) - expired, "gros écart", "gros écarts"),
            (expired, "produit périmé", "produits périmés"),
        ]
        return ", ".join(counted(*group) for group in groups if group[0])

    @property
    def expiries(self) -> list[ShownLine]:
        """Lines whose expiry is left out, and why; their quantities are not."""
        lines = (one for one in self.everything if one.line.kind is not Kind.REFUSED)
        found = [one for one in lines if one.line.expiry_remarks]
        return sorted(found, key=lambda one: one.line.number)

    @property
    def fine_without_expiry(self) -> int:
        return sum(bool(one.line.expiry_remarks) for one in self.fine)

    @property
    def has_expired(self) -> bool:
        return any(expiry_gaps(one.line) for one in self.changes)

    @property
    def shows_expiry(self) -> bool:
        return any(one.line.nearest_expiry for one in self.everything)

    @property
    def waiting_sentence(self) -> str:
        """« 5 réponses manquent : deux codes et trois écarts. », or nothing."""
        if not self.waiting:
            return ""
        codes = sum(one.line.waits for one in self.unknown)
        gaps = sum(one.line.waits for one in self.changes)
        parts = [in_words(codes, "code")] if codes else []
        parts += [in_words(gaps, "écart")] if gaps else []
        total = counted(self.waiting, "réponse manque", "réponses manquent")
        return f"{total}\u00a0: {' et '.join(parts)}."

    @property
    def declared(self) -> int:
        """Lines that would be stored now."""
        lines = (one.line for one in self.everything)
        return sum(line.declared_id is not None and not line.is_blank for line in lines)

    @property
    def confirmation(self) -> str:
        """What « Transmettre » would do, in words."""
        return " ".join(part for part in (self._kept, self._left, ONCE) if part)

    @property
    def _kept(self) -> str:
        lead = f"{counted(len(self.fine), 'ligne')} sans remarque"
        accepted = self.declared - len(self.fine)
        if self.waiting:
            most = self.declared + self.waiting
            return (
                f"{lead}, plus celles que vous acceptez parmi les {self.to_decide} à décider"
                f"\u00a0: {most} au plus."
            )
        if not accepted:
            return f"{lead}."
        taken = "acceptée" if accepted == 1 else "acceptées"
        return f"{lead}, plus {accepted} que vous avez {taken}\u00a0: {self.declared}."

    @property
    def left_out(self) -> int:
        """Lines that the person chose not to send."""
        return sum(one.line.answer is Answer.SKIP for one in self.everything)

    @property
    def _left(self) -> str:
        """« Les 3 lignes refusées et les 6 produits absents restent non transmis. »"""
        absent = len(self.missing) + len(self.blank)
        groups = [
            (len(self.refused), "la ligne refusée", "lignes refusées"),
            (self.left_out, "la ligne laissée de côté", "lignes laissées de côté"),
            (absent, "le produit absent ou sans quantité", "produits absents ou sans quantité"),
        ]
        parts = [
            one if count == 1 else f"les {count} {many}" for count, one, many in groups if count
        ]
        if not parts:
            return ""
        text = " et ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
        is_plural = sum(count for count, *_ in groups) > 1
        feminine = "" if absent else "es" if is_plural else "e"
        verb = "restent" if is_plural else "reste"
        return f"{text[0].upper()}{text[1:]} {verb} non transmis{feminine}."


def preview_of(transmission: Transmission) -> Preview:
    """Read back what was kept of a transmission, in a constant number of statements."""
    followed = followed_by(
        transmission.monitored_list,
        transmission.pui,
        transmission.due_on,
        is_virtual=transmission.origin == Transmission.Origin.MAPUI,
    )
    lines = [Line.from_json(one) for one in transmission.content]
    shown = [shown_line(line, followed) for line in lines]
    preview = Preview(
        transmission,
        len(followed.products),
        transmission.origin == Transmission.Origin.MAPUI,
        columns=columns_of(transmission),
        version=transmission.report.get("version", 0),
        before_on=max((line.before.due_on for line in lines if line.before), default=None),
    )
    groups = {
        Kind.REFUSED: preview.refused,
        Kind.UNKNOWN: preview.unknown,
        Kind.CHANGE: preview.changes,
        Kind.OUTSIDE: preview.outside,
        Kind.FINE: preview.fine,
    }
    for one in shown:
        is_blank = one.line.kind is Kind.FINE and one.line.is_blank
        (preview.blank if is_blank else groups[one.line.kind]).append(one)
    found = {one.product.pk for one in shown if one.product}
    preview.missing = [one for one in followed.products if one.pk not in found]
    taken = {one.product.pk for one in shown if one.product and is_taken(one.line)}
    preview.choices = [one for one in followed.products if one.pk not in taken]
    return preview


def is_taken(line: Line) -> bool:
    return line.kind is not Kind.REFUSED and line.answer is not Answer.SKIP


def shown_line(line: Line, followed: Followed) -> ShownLine:
    product = followed.by_id.get(line.chosen_id or line.product_id or 0)
    priority = followed.priorities.get(product.pk) if product else None
    return ShownLine(line, product, priority, gaps_of(line) if line.kind is Kind.CHANGE else ())


def columns_of(transmission: Transmission) -> list[Column]:
    report = transmission.report
    pairs = zip(report.get("headers", ()), report.get("roles", ()), strict=True)
    return [Column(header, role, LABELS.get(role, "")) for header, role in pairs if header]
