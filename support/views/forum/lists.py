"""The topics: found by words, theme and state; those to read, those one asked."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.paging import KeyedPaginator
from establishments.access import allows
from establishments.perimeter import Action
from support.forum.excerpts import excerpt, marked
from support.forum.finding import best_texts, found, near
from support.forum.forms import SearchForm
from support.forum.reading import PER_PAGE, VIEWS, of_state, of_view, themes_for, topics_for
from support.questions.finding import stems_of
from support.services.forum.following import mark_all_read


@allows(Action.FORUM_POST)
@require_safe
def forum(request: HttpRequest) -> HttpResponse:
    """All the topics, the last one written in first; a search puts the nearest first."""
    form = SearchForm(request.GET)
    words, theme, view = (form.asked(name) for name in ("q", "theme", "vue"))
    rows = of_view(topics_for(request.user), request.user, view or "")
    rows = of_state(rows, form.asked("etat") or "")
    if theme:
        rows = rows.filter(theme=theme)
    page = KeyedPaginator(found(rows, words) if words else rows, PER_PAGE).get_page(
        request.GET.get("page")
    )
    context: dict[str, Any] = {
        "form": form,
        "words": words,
        "theme": theme,
        "view": view or "",
        "views": views_of(request, view or ""),
        "page": page,
        "rows": told(page.object_list, words),
        "near": near(request.user, words) if words and not page.object_list else [],
        "themes": themes_for(request.user),
        "may_moderate": request.user.may(Action.FORUM_MODERATE),
    }
    return render(request, "support/forum/list.html", context)


def views_of(request: HttpRequest, current: str) -> list[tuple[str, str, bool]]:
    """The tabs: address, label, whether it is the one shown; the theme chosen stays."""
    kept = request.GET.copy()
    tabs = []
    for value, label in VIEWS:
        kept.pop("page", None)
        kept["vue"] = value
        if not value:
            del kept["vue"]
        tabs.append((f"?{kept.urlencode()}", label, value == current))
    return tabs


def told(topics: list[Any], words: str | None) -> list[dict[str, Any]]:
    """Each with what of it was found."""
    if not words or not topics:
        return [{"topic": one, "title": one.title} for one in topics]
    stems, texts = stems_of(words), best_texts(topics, words)
    return [
        {
            "topic": one,
            "title": marked(one.title, stems),
            "excerpt": excerpt(texts.get(one.pk, ""), stems),
        }
        for one in topics
    ]


@allows(Action.FORUM_POST)
@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    mark_all_read(by=request.user)
    messages.success(request, "Tous les sujets sont marqués comme lus.")
    return redirect("support:forum")
