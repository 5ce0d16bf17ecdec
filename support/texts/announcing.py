"""The announcements that stand above every page."""

from common.home import Banner
from common.kept import Kept
from support.models import Announcement


def _not_over() -> list[Announcement]:
    return list(Announcement.objects.not_over().order_by("starts_at"))


announcements_shown: Kept[list[Announcement]] = Kept(_not_over, [])


def banners_of_now(*, is_known: bool) -> list[Banner]:
    """Those under way, for visitors or for people logged in."""
    return [
        Banner(row.text, row.level)
        for row in announcements_shown.value()
        if row.state == "affichée" and (is_known or row.audience == Announcement.Audience.ALL)
    ]
