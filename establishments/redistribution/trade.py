"""What an app tells of its mutual aid; what follows from it is the same for all.

``rights``, ``sharing``, ``rows`` and ``services`` take a ``Trade`` first.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import Any, ClassVar, Protocol

from establishments.models import Establishment, Region
from establishments.perimeter import Action, Holder, PerimeterQuerySet
from establishments.redistribution.held import UNIT, Held, Key
from establishments.redistribution.models import Need, Transfer


class Person(Holder, Protocol):
    """Somebody with rights."""

    def may(self, action: Action) -> bool: ...


class Event(Enum):
    """What the journal keeps; each app has a verb of its own for each."""

    NEED_OPENED = auto()
    NEED_WIDENED = auto()
    NEED_ENDED = auto()
    PROPOSED = auto()
    TRANSFER_ADDED = auto()
    QUANTITY_CHANGED = auto()
    CONFIRMED = auto()
    ACCEPTED = auto()
    SHIPPED = auto()
    RECEIVED = auto()
    REFUSED = auto()
    CANCELLED = auto()


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says; ``path`` is the page it leads to."""

    subject: str
    lines: tuple[str, ...]
    path: str


class Trade(ABC):
    """One kind of goods. Places are the rows that give and take; ``site`` is where one stands."""

    key: ClassVar[str]  # of the tab: « epi »
    label: ClassVar[str]
    urls: ClassVar[str]  # namespace
    explained: ClassVar[str]  # the template that tells how donors are chosen
    verbs: ClassVar[Mapping[Event, str]]  # of the journal
    needs: ClassVar[type[Need]]
    transfers: ClassVar[type[Transfer]]
    goods: ClassVar[type[Any]]
    tells_expiry: ClassVar[bool] = False  # what leaves has an expiry, told when shipping
    site_path: ClassVar[str]  # from a place to its establishment; empty: it is one
    # The actions of mutual aid have no domain: each is kept to those who also do one of these.
    together: ClassVar[Mapping[Action, tuple[Action, ...]]]

    @abstractmethod
    def places(self) -> PerimeterQuerySet:
        """Those that may ask and give today: open, and keeping their own stock."""

    @abstractmethod
    def offered_goods(self) -> Any:
        """The goods that may be asked for today, in order."""

    @abstractmethod
    def held(
        self,
        places: PerimeterQuerySet,
        goods: Collection[int],
        now: datetime,
        *,
        without: int | None = None,
    ) -> dict[Key, Held]:
        """What these places hold, declared lately enough to be trusted.

        ``without`` is a transfer whose own promise is not deducted: the one being judged again.
        """

    @abstractmethod
    def recipients(self, places: Iterable[Any]) -> list[str]:
        """The addresses to write to about these places."""

    @abstractmethod
    def agency(self, region: Region | None) -> list[str]:
        """The addresses of the ARS of a region; of the national cell for a place without."""

    def origin(self, need: Any, user: Person) -> tuple[str, str] | None:
        """The request that this need answers, as a label and an address, for who may read it."""
        return None

    @abstractmethod
    def people(self, place: Any) -> list[str]:
        """Whom to call about a place, one sentence each."""

    @abstractmethod
    def delivery(self, place: Any) -> str:
        """Where what a place receives is delivered."""

    @abstractmethod
    def tell(self, addresses: Iterable[str], letter: Letter) -> None: ...

    @abstractmethod
    def declared_text(self, day: date | None) -> str:
        """« semaine du 16/11 »: when what a donor holds was told."""

    def units_of(self, goods: Collection[int]) -> dict[int, str]:
        """What one unit of these goods is called, when it has a name of its own."""
        return {}

    def unit_of(self, goods: int) -> str:
        return self.units_of([goods]).get(goods, UNIT)

    def prefilled(self, user: Person, query: Mapping[str, str]) -> dict[str, Any]:
        """What the form of a need begins with, from what the app keeps: ``place``, ``goods``…"""
        return {}

    def named(self, place: Any) -> str:
        """A place in a list where one chooses."""
        return str(place)

    def site_of(self, place: Any) -> Establishment:
        found: Establishment = getattr(place, self.site_path) if self.site_path else place
        return found

    def below_site(self, name: str) -> str:
        """The path of a field of the establishment, from a place."""
        return f"{self.site_path}__{name}" if self.site_path else name

    @property
    def with_places(self) -> tuple[str, ...]:
        """To read with transfers."""
        taker = self.needs.place_field
        site = f"__{self.site_path}" if self.site_path else ""
        return (f"giver{site}", f"need__{taker}{site}__region", f"need__{self.needs.goods_field}")

    @property
    def with_place(self) -> tuple[str, ...]:
        """To read with needs."""
        return tuple(one.removeprefix("need__") for one in self.with_places[1:])
