"""A bulletin as it was published, for its page, its PDF and its file: only what one may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from accounts.models import User
from common.weeks import shift, short_label
from establishments.models import Region
from steering.models import Bulletin
from steering.situation.comparing import Change, changes_of, class_changes
from steering.situation.content import Content
from steering.situation.places import maps_of, places_of
from steering.situation.shown import (
    Block,
    ShownGrid,
    blocks_of,
    grids_of,
    headline_changes,
    shown_grid,
)
from steering.situation.territory import Territory, country, reader_for, region_territory

TENSION = (("equipment", "items"), ("medicines", "substances"))
OTHERS = (("orders", "quotas"), ("vaccines", "flu"))


@dataclass(frozen=True)
class BulletinPage:
    """``before`` is the bulletin of the week before, as it stands; empty when there is none."""

    bulletin: Bulletin
    territory: Territory
    content: Content
    before: Content
    versions: list[Bulletin]

    @property
    def number_text(self) -> str:
        return f"Semaine {short_label(self.bulletin.week)}"

    @cached_property
    def changes(self) -> dict[str, Change]:
        return changes_of(self.content, self.before)

    @property
    def figures(self) -> list[Any]:
        return headline_changes(self.content, self.changes)

    @property
    def is_compared(self) -> bool:
        return bool(self.before.parts)

    @property
    def blocks(self) -> list[Block]:
        return blocks_of(self.content, changes=self.changes)

    @property
    def places(self) -> ShownGrid | None:
        found = places_of(self.content)
        return shown_grid(found) if found else None

    @property
    def maps(self) -> list[Any]:
        return maps_of(self.content, {}, is_country=self.territory.is_country)

    @property
    def tension(self) -> list[ShownGrid]:
        return self._grids(TENSION)

    @property
    def others(self) -> list[ShownGrid]:
        return self._grids(OTHERS)

    def _grids(self, keys: tuple[tuple[str, str], ...]) -> list[ShownGrid]:
        found = []
        for part, grid in grids_of(self.content, *keys):
            was = self.before.part(part.key)
            notes = class_changes(grid, was.grid(grid.key) if was else None)
            found.append(shown_grid(grid, notes=notes))
        return found

    @property
    def paragraphs(self) -> list[str]:
        return [one.strip() for one in self.bulletin.word.split("\n\n") if one.strip()]

    @property
    def newer(self) -> Bulletin | None:
        """The version in force, when this one is no longer."""
        last = self.versions[-1]
        return last if last.version > self.bulletin.version else None


def page_for(
    user: User, territory: Territory, week: date, version: int | None = None
) -> BulletinPage | None:
    """The version asked for, the one in force by default; None where there is none to read."""
    versions = list(versions_of(territory.region, week).select_related("published_by", "region"))
    found = [one for one in versions if version in (None, one.version)]
    if not found:
        return None
    actions = [one.value for one in reader_for(user, territory).held]
    return _page(found[-1], territory, actions, versions)


def page_of(bulletin: Bulletin, actions: Sequence[str]) -> BulletinPage:
    """One version, as whoever holds these rights reads it."""
    territory = region_territory(bulletin.region) if bulletin.region else country()
    return _page(bulletin, territory, actions, [bulletin])


def _page(
    bulletin: Bulletin, territory: Territory, actions: Sequence[str], versions: list[Bulletin]
) -> BulletinPage:
    before = versions_of(territory.region, shift(bulletin.week, -1)).last()
    return BulletinPage(
        bulletin,
        territory,
        Content.read(bulletin.content).readable(actions),
        Content.read(before.content).readable(actions) if before else Content(),
        versions,
    )


def versions_of(region: Region | None, week: date) -> Any:
    return Bulletin.objects.of(region).filter(week=week).order_by("version")
