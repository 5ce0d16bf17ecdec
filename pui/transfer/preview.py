"""What the page draws of a declaration before it is confirmed: counted, grouped, told in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from common.cover import Level
from medications.models import Priority, Product
from pui.models import Transmission
from pui.transfer.shapes import Line


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line beside its product and what the same product was at the last declaration.

    ``name`` is that of its answer in the form (« ligne-12 »); ``gaps`` are its large changes in
    words (« stock × 10 »). Levels and days of cover are those of ``common.cover``.
    """

    line: Line
    product: Product | None
    priority: Priority | None
    gaps: Sequence[str] = ()

    @property
    def name(self) -> str: ...

    @property
    def cover_before(self) -> Decimal | None: ...

    @property
    def cover_after(self) -> Decimal | None: ...

    @property
    def level_after(self) -> Level: ...


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and what it was read as; blank: not read."""

    header: str
    role: str


@dataclass(slots=True)
class Preview:
    """Everything the page says. Groups are in the order of the page: what costs most to miss."""

    transmission: Transmission
    followed: int  # products of the list (52)
    refused: list[ShownLine] = field(default_factory=list)
    unknown: list[ShownLine] = field(default_factory=list)
    changes: list[ShownLine] = field(default_factory=list)
    outside: list[ShownLine] = field(default_factory=list)
    fine: list[ShownLine] = field(default_factory=list)
    missing: list[Product] = field(default_factory=list)  # of the list, absent from the file
    choices: list[Product] = field(default_factory=list)  # « un autre produit de la liste »
    columns: list[Column] = field(default_factory=list)
    version: int = 0  # sent back by the form with each answer
    before_on: date | None = None  # the due day of the last declaration

    @property
    def read(self) -> int:
        """Products of the list found in the file: 46 of « 46 sur 52 UCD suivies »."""

    @property
    def waiting(self) -> int:
        """Answers still missing: while there are some, nothing can be confirmed."""

    @property
    def waiting_sentence(self) -> str:
        """« 5 réponses manquent : deux codes et trois écarts. », or nothing."""

    @property
    def confirmation(self) -> str:
        """« 38 lignes sans remarque, plus celles que vous acceptez parmi les 5 à décider : … »."""


def preview_of(transmission: Transmission) -> Preview:
    """Read back what was kept of a transmission, in a constant number of statements."""
    raise NotImplementedError
