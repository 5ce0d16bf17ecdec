"""Why a declaration goes no further, in sentences for the person."""

from collections.abc import Sequence

from pui.services.storing import StoringError
from pui.transfer.shapes import Line


class TransmittingError(StoringError):
    """Nothing was done."""


class ChangedMeanwhileError(TransmittingError):
    """Somebody else answered, confirmed or declared since the page was shown: show it again."""


class KeyReusedError(TransmittingError):
    """The idempotency key came before with another request."""


class LinesRefusedError(TransmittingError):
    """What was sent at once cannot be stored as it is; ``lines`` say why, one by one."""

    def __init__(self, message: str, lines: Sequence[Line]) -> None:
        self.lines = lines
        super().__init__(message)
