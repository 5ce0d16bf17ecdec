"""One example of an address: its arguments, and what the access test expects of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from common.weeks import current_week
from establishments.perimeter import Action

WEEK = current_week()
GLOVES = 4


@dataclass(frozen=True)
class Place:
    """An establishment as addresses name it; ``exists`` is False for numbers of nobody."""

    finess: str
    entity_finess: str
    exists: bool = True


@dataclass(frozen=True)
class Example:
    """How to open an address.

    ``acts`` is the action that a POST needs, when it is narrower than what the address declares:
    inside the perimeter but without it, the answer is 403. ``data`` is what the POST sends.
    ``rowless``: the number in the address is nobody's, so that 404 is an answer too. ``letters``:
    how far a role must reach in the matrix, when the page is not for all those it declares.
    ``refuses``: it may answer 403 to the right person, for a reason of its own.
    """

    args: Callable[[Place], list]
    placed: bool = False
    acts: Action | None = None
    data: dict[str, str] = field(default_factory=dict)
    rowless: bool = False
    letters: str = "NRDJPC"
    refuses: bool = False


plain = Example(lambda place: [])
by_finess = Example(lambda place: [place.finess], placed=True)
by_entity = Example(lambda place: [place.entity_finess], placed=True)
by_week = Example(lambda place: [place.finess, WEEK], placed=True)
by_item = Example(lambda place: [place.finess, WEEK, GLOVES], placed=True)
NOBODY = "00000000-0000-4000-8000-000000000000"
of_nobody = Example(lambda place: [NOBODY], rowless=True)
one_of_nobody = Example(lambda place: [NOBODY, 0], rowless=True)
by_number = Example(lambda place: [0], rowless=True)
of_no_region = Example(lambda place: ["00"], rowless=True)
of_no_code = Example(lambda place: ["0000000"], rowless=True)
of_a_list = Example(lambda place: ["autres"], rowless=True)
of_no_transmission = Example(lambda place: ["autres", NOBODY], rowless=True)
of_no_grid = Example(lambda place: ["autres", 0, "2020-11-20"], rowless=True)
