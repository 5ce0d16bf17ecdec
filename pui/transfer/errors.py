"""Why a declaration goes no further, in sentences for the person."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from medications.calendar import NotDueError
from pui.services.storing import StoringError
from pui.transfer.shapes import Line


class TransmittingError(StoringError):
    """Nothing was done."""


@contextmanager
def refusals_told() -> Iterator[None]:
    """Whatever is refused below is one refusal for who sends: nothing was done, and why."""
    try:
        yield
    except TransmittingError:
        raise
    except (StoringError, NotDueError) as refusal:
        raise TransmittingError(str(refusal)) from refusal


class ChangedMeanwhileError(TransmittingError):
    """Somebody else answered, confirmed or declared since the page was shown: show it again."""


class KeyReusedError(TransmittingError):
    """The idempotency key came before with another request."""


class LinesRefusedError(TransmittingError):
    """What was sent at once cannot be stored as it is; ``lines`` say why, one by one."""

    def __init__(self, message: str, lines: Sequence[Line]) -> None:
        self.lines = lines
        super().__init__(message)
