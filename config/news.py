"""« Ce qui a changé depuis votre visite du 12/11 », from the visits and from what changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from accounts.sessions import BEGAN
from common.home import Change
from config import home
from config.changes import changes_for
from establishments.access import everyone
from steering.models import Visit
from steering.services.visits import note_visit

SHOWN = 4
PER_PAGE = 50
AT_FIRST = timedelta(days=7)  # nobody has seen anything before their first visit
LONGEST = timedelta(days=30)  # after a long absence, the journal tells the rest


@dataclass(frozen=True, slots=True)
class News:
    """What is new, the latest first; ``title`` says since when."""

    title: str
    changes: list[Change]

    @property
    def first(self) -> list[Change]:
        return self.changes[:SHOWN]

    @property
    def more(self) -> int:
        """How many are on the page of all."""
        return len(self.changes) if len(self.changes) > SHOWN else 0


def news_for(request: HttpRequest) -> News | None:
    """Nothing before a profile is chosen: nothing concerns anybody yet."""
    if request.user.active_profile is None:
        return None
    visit = visit_of(request)
    since = since_of(visit)
    return News(title_of(visit, since), changes_for(request.user, since, visit.before_marks))


def visit_of(request: HttpRequest) -> Visit:
    """The visit under way, told what this page says now."""
    marks, began = home.marks(request.user), int(request.session.get(BEGAN, 0))
    return note_visit(user=request.user, session=began, marks=marks)


def since_of(visit: Visit) -> datetime:
    now = timezone.now()
    before = visit.before_at or now - AT_FIRST
    return max(before, now - LONGEST)


def title_of(visit: Visit, since: datetime) -> str:
    if visit.before_at is None:
        return "Ce qui a changé ces sept derniers jours"
    if since > visit.before_at:
        return "Ce qui a changé ces trente derniers jours"
    day, today = timezone.localdate(since), timezone.localdate()
    if day == today:
        at = date_format(timezone.localtime(since), r"G \h i")
        return f"Ce qui a changé depuis votre visite de {at}"
    if day == today - timedelta(days=1):
        return "Ce qui a changé depuis hier"
    return f"Ce qui a changé depuis votre visite du {day:%d/%m}"


@everyone
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """All that is told, page by page; the list stays while the visit lasts."""
    news = news_for(request)
    pages = Paginator(news.changes if news else [], PER_PAGE)
    context = {"news": news, "page": pages.get_page(request.GET.get("page"))}
    return render(request, "home/all_changes.html", context)
