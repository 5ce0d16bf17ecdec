"""How many failures one key may have in a time, counted alike by every process.

Each failure takes one of a fixed number of places in the shared cache and leaves it when its time
is over. A place is taken by ``cache.add``, which the database makes atomic: a hundred attempts sent
at once do not share a place. It is taken before the secret is checked, given back on success.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import randrange

from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac


class TooManyFailuresError(Exception):
    """No place left; ``until`` is when the first one is free. The message is for the person."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(f"Trop d’essais manqués. Réessayez {_moment(until)}.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt under way: its places stay taken unless it succeeds."""

    places: list[str]

    def succeed(self) -> None:
        cache.delete_many(self.places)


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """At most so many failures in so many seconds, for each of ``windows``."""

    name: str
    windows: tuple[tuple[int, int], ...]

    def begin(self, key: str) -> Attempt:
        """Take a place in each window, or raise TooManyFailuresError and take none."""
        attempt = Attempt([])
        for names, seconds in self._places(key):
            try:
                attempt.places.append(_take(names, seconds))
            except TooManyFailuresError:
                attempt.succeed()
                raise
        return attempt

    def closed_until(self, key: str) -> datetime | None:
        """When the next attempt will be possible; none: it is now."""
        ends = [
            _free_at(held)
            for names, _ in self._places(key)
            if len(held := cache.get_many(names)) == len(names)
        ]
        return max(ends, default=None)

    def forget(self, key: str) -> None:
        """Free every place: somebody who may do so knows whose failures they were."""
        for names, _ in self._places(key):
            cache.delete_many(names)

    def _places(self, key: str) -> list[tuple[list[str], int]]:
        digest = salted_hmac("accounts.limits", f"{self.name}:{key}").hexdigest()
        return [
            ([f"{self.name}:{digest}:{seconds}:{number}" for number in range(places)], seconds)
            for places, seconds in self.windows
        ]


@dataclass(frozen=True, slots=True)
class PaceLimit:
    """About so many calls of a machine in so many seconds, when they are thousands.

    One call in ``stride``, drawn, takes a place: a place stands for ``stride`` calls, and the other
    calls only read whether one is free.
    """

    limit: FailureLimit
    stride: int

    def begin(self, key: str) -> None:
        if randrange(self.stride) == 0:  # noqa: S311 - nothing secret
            self.limit.begin(key)
        elif (until := self.limit.closed_until(key)) is not None:
            raise TooManyFailuresError(until)


def _take(names: list[str], seconds: int) -> str:
    now = timezone.now().timestamp()
    held = cache.get_many(names)
    for name in names:
        if name not in held and cache.add(name, now + seconds, timeout=seconds):
            return name
    raise TooManyFailuresError(_free_at(held | cache.get_many(names)))


def _free_at(held: dict[str, float]) -> datetime:
    return datetime.fromtimestamp(math.ceil(min(held.values())), UTC)


def _moment(until: datetime) -> str:
    """« à 14 h 06 » the same day, else « le 23/11 à 8 h 02 »; the minute is rounded up."""
    local = timezone.localtime(until + timedelta(seconds=59))
    day = "" if local.date() == timezone.localdate() else f"le {local:%d/%m} "
    return f"{day}à {local.hour}\u00a0h\u00a0{local:%M}"


LOGIN_FAILURES = FailureLimit("login", ((5, 5 * 60), (25, 24 * 3600)))
SECOND_FACTOR_FAILURES = FailureLimit("second_factor", ((5, 5 * 60), (25, 24 * 3600)))
ACCOUNT_FAILURES = (LOGIN_FAILURES, SECOND_FACTOR_FAILURES)  # those that lock an account
LEGACY_CODE_FAILURES = FailureLimit("legacy_code", ((5, 5 * 60), (25, 24 * 3600)))
