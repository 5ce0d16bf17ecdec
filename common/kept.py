"""What each process reads once in half a minute, not at each page."""

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Any, Generic, TypeVar

from django.db import Error

from common.reading import reading_alias, reading_primary

Read = TypeVar("Read")

KEPT_SECONDS = 30.0
MOST_KEYS = 500  # beyond, all is read again: no more is held in memory
_SHARED: dict[tuple[object, Hashable, str], tuple[float, Any]] = {}


class Kept(Generic[Read]):
    """What ``read`` found, kept a moment; ``nothing`` while the base does not answer, unless what
    is read ``needs_base``: better an error than a figure that is not so.

    What is written by this process is seen at once if it calls ``forget``; what another process
    writes, half a minute later.
    """

    def __init__(
        self, read: Callable[[], Read], nothing: Read, *, needs_base: bool = False
    ) -> None:
        self._read, self._nothing, self._needs_base = read, nothing, needs_base
        self._value = nothing
        self._until = 0.0

    def value(self) -> Read:
        if monotonic() >= self._until:
            try:
                with reading_primary():
                    self._value = self._read()
            except Error:  # the pages that need no base are read without it
                if self._needs_base:
                    raise
                self._value = self._nothing
            self._until = monotonic() + KEPT_SECONDS
        return self._value

    def forget(self) -> None:
        self._until = 0.0


class KeptByKey(Generic[Read]):
    """What is the same for all who look at one territory: read once for all of them.

    ``key`` names everything that the reading depends on: a perimeter, a week; what came from the
    replica is not for who reads the primary. What a person does and must see done at once is not
    read through this.
    """

    def value(self, key: Hashable, read: Callable[[], Read]) -> Read:
        place = (self, key, reading_alias())
        until, value = _SHARED.get(place, (0.0, None))
        if value is not None and monotonic() < until:
            return value  # type: ignore[no-any-return]
        if len(_SHARED) >= MOST_KEYS:
            _SHARED.clear()
        value = read()
        _SHARED[place] = monotonic() + KEPT_SECONDS, value
        return value
