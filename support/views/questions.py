"""Questions and answers, read without logging in; an opinion is counted and nobody is known."""

from allauth.core.internal.httpkit import get_client_ip
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.limits import FailureLimit, TooManyFailuresError
from common.markup import render as rendered
from establishments.access import public
from establishments.perimeter import Action
from support.models import Question, Theme
from support.questions.finding import similar
from support.questions.live import live_parts
from support.questions.reading import by_theme, related
from support.roles import NAMES, codes_of
from support.services.questions import give_opinion

LONGEST, MOST = 200, 20
OPINIONS = FailureLimit("question_opinion", ((1, 24 * 3600),))  # one a day for each question
ALL_OPINIONS = FailureLimit("question_opinions", ((30, 24 * 3600),))


@public
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """All of them by theme, or those that a search finds."""
    text = request.GET.get("recherche", "")[:LONGEST].replace("\x00", "").strip()
    codes = codes_of(request.user)
    context = {
        "text": text,
        "found": similar(text, MOST) if text else [],
        "themes": [] if text else by_theme(),
        "own": [] if text else list(Question.objects.published().for_roles(codes)[:MOST]),
        "may_write": may_write(request),
    }
    return render(request, "support/questions/list.html", context)


@public
@require_safe
def question_theme(request: HttpRequest, theme: str) -> HttpResponse:
    """The questions of a theme with their answers: to read through, or to print."""
    if theme not in Theme:
        raise Http404
    rows = list(Question.objects.published().filter(theme=theme))
    parts = live_parts(rows)
    context = {
        "theme": Theme(theme),
        "above": above(),
        "answers": [(one, rendered(one.answer), parts.get(one.live, "")) for one in rows],
    }
    return render(request, "support/questions/theme.html", context)


@public
@require_safe
def question(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Question, slug=slug)
    if not found.is_published:
        near = {"question": found, "found": related(found)}
        return render(request, "support/questions/withdrawn.html", near, status=410)
    context = {
        "question": found,
        "theme": Theme(found.theme),
        "answer": rendered(found.answer),
        "part": live_parts([found]).get(found.live, ""),
        "roles": [NAMES[code] for code in found.roles if code in NAMES],
        "related": related(found),
        "may_write": may_write(request),
        "above": above(),
    }
    return render(request, "support/questions/question.html", context)


@public
@require_POST
def question_opinion(request: HttpRequest, slug: str) -> HttpResponse:
    """One opinion a day from one place on each question; the place is forgotten the next day."""
    found = get_object_or_404(Question.objects.published(), slug=slug)
    choice = request.POST.get("avis")
    if choice in ("utile", "inutile"):
        place = get_client_ip(request)
        if refusal := why_not_counted(place, found):
            messages.info(request, refusal)
        else:
            give_opinion(question=found, is_useful=choice == "utile")
            messages.success(
                request, "Merci\u00a0: votre avis est compté, sans rien garder de vous."
            )
    return redirect(found)


def why_not_counted(place: str, found: Question) -> str:
    """Take a place among the opinions of the day; empty when there was one."""
    try:
        OPINIONS.begin(f"{place} {found.pk}")
    except TooManyFailuresError:
        return "Un avis sur cette réponse est déjà compté aujourd’hui depuis votre réseau."
    try:
        ALL_OPINIONS.begin(place)
    except TooManyFailuresError:
        return "Votre réseau a donné beaucoup d’avis aujourd’hui\u00a0: donnez celui-ci demain."
    return ""


def above() -> list[tuple[str, str]]:
    return [("Questions et réponses", reverse("support:questions"))]


def may_write(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.may(Action.HELP_WRITE)
