"""From a file, the grid or a machine to a stored transmission: deposit, answers, confirmation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from medications.models import MonitoredList
from pui.models import Pui, Transmission
from pui.transfer.shapes import Answer, Line, RawLine


class TransmittingError(Exception):
    """Nothing was done. The message is written for the person, in French."""


class ChangedMeanwhileError(TransmittingError):
    """Somebody else answered, confirmed or declared since the page was shown: show it again."""


class LinesRefusedError(TransmittingError):
    """What was sent at once cannot be stored as it is; ``lines`` say why, one by one."""

    def __init__(self, message: str, lines: Sequence[Line]) -> None:
        self.lines = lines
        super().__init__(message)


class Deposited(NamedTuple):
    """The transmission, and whether it had come before: ``already`` then says when, in words.

    Its state tells what to show: READY the preview, or the question of the columns when
    ``asks_columns(transmission)``; READING the page that follows; CONFIRMED the receipt.
    """

    transmission: Transmission
    already: str = ""


class Choice(NamedTuple):
    """What the person answers of a line. ``answer`` None takes the former answer back."""

    answer: Answer | None
    product_id: int | None = None  # with Answer.CHOSEN


def deposit(
    file: "UploadedFile[bytes]",
    *,
    by: User,
    pui: Pui,
    monitored_list: MonitoredList,
    due_on: date,
    now: datetime | None = None,
) -> Deposited:
    """Read a file and keep what it says until it is confirmed; a large one is left to the worker.

    Raise ``TransmittingError`` when it is no readable table, or when nothing can be declared there.
    """
    raise NotImplementedError


def asks_columns(transmission: Transmission) -> list[str]:
    """The headers of the file when some column needed was not recognised, else nothing."""
    raise NotImplementedError


def remap(transmission: Transmission, columns: Mapping[str, str], *, by: User) -> Transmission:
    """Read the file again under the columns told (« ucd », « stock », « daily », « label » → its
    header), and remember them for the next files of this pharmacy with the same headers.
    """
    raise NotImplementedError


def answer(
    transmission: Transmission, answers: Mapping[int, Choice], *, by: User, version: int
) -> Transmission:
    """Keep what the person answered, by number of line; ``version`` is that of the page shown."""
    raise NotImplementedError


def confirm(
    transmission: Transmission,
    *,
    by: User,
    version: int,
    without_refused: bool = False,
    now: datetime | None = None,
) -> Transmission:
    """Store it whole, or raise and store nothing. Its state is then CONFIRMED, or STORING when
    it is so large that the worker does it.
    """
    raise NotImplementedError


def abandon(transmission: Transmission, *, by: User) -> None:
    """Give up a declaration that is not confirmed; nothing of it stays but its row."""
    raise NotImplementedError


def transmit_at_once(
    lines: Sequence[RawLine],
    *,
    by: User,
    pui: Pui,
    monitored_list: MonitoredList,
    due_on: date,
    origin: str,
    key: str = "",
    changes_are_exact: bool = False,
    without_refused: bool = False,
    now: datetime | None = None,
) -> Deposited:
    """Check and store in one go what the grid or a machine sends, all or nothing.

    The same ``key`` for the same pharmacy is the same transmission: nothing is stored again. Raise
    ``LinesRefusedError`` with the lines as checked when some cannot be stored.
    """
    raise NotImplementedError
