"""The announcements that stand above every page: read once in half a minute, not at each page."""

from time import monotonic

from django.db import Error

from common.home import Banner
from support.models import Announcement

KEPT_SECONDS = 30.0


class Shown:
    """What is announced around now, kept a moment by each process.

    One written here is shown at once; one written by another process, half a minute later.
    """

    def __init__(self) -> None:
        self._until = 0.0
        self._rows: list[Announcement] = []

    def rows(self) -> list[Announcement]:
        if monotonic() >= self._until:
            try:
                self._rows = list(Announcement.objects.not_over().order_by("starts_at"))
            except Error:  # the pages that need no base are read without it
                self._rows = []
            self._until = monotonic() + KEPT_SECONDS
        return self._rows

    def forget(self) -> None:
        self._until = 0.0

    def banners(self, *, is_known: bool) -> list[Banner]:
        """Those under way, for visitors or for people logged in."""
        return [
            Banner(row.text, row.level)
            for row in self.rows()
            if row.state == "affichée" and (is_known or row.audience == Announcement.Audience.ALL)
        ]


announcements_shown = Shown()
