"""What one does of a post or a topic in one click, and reporting a post."""

from datetime import UTC, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from common.numbers import row_number
from establishments.access import allows
from establishments.perimeter import Action
from support.forum.forms import ReportForm
from support.forum.thread import post_of, topic_of
from support.models import ForumTheme
from support.services.forum.following import follow, mark_read, unfollow
from support.services.forum.reports import report_post
from support.services.forum.solutions import mark_solution, may_choose, unmark_solution
from support.services.forum.votes import vote
from support.views.forum.topics import where
from support.views.forum.trail import done, trail, tried

NO = "non"


def is_asked(request: HttpRequest) -> bool:
    """Each button says what it wants: pressed twice, it wants the same."""
    return request.POST.get("choix") != NO


@allows(Action.FORUM_POST)
@require_POST
def vote_for(request: HttpRequest, pk: int) -> HttpResponse:
    post = post_of(request.user, pk)
    wanted = is_asked(request)
    sentence = "Votre avis est compté." if wanted else "Votre avis est retiré."
    done(request, lambda: vote(by=request.user, post=post, is_for=wanted), sentence)
    return redirect(where(post))


@allows(Action.FORUM_POST)
@require_POST
def solution(request: HttpRequest, pk: int) -> HttpResponse:
    post = post_of(request.user, pk)
    if not may_choose(request.user, post.topic):
        raise PermissionDenied("Qui a posé la question dit quelle réponse la résout.")
    if is_asked(request):
        act, sentence = mark_solution, "Cette réponse est affichée juste sous la question."
    else:
        act, sentence = unmark_solution, "La question est de nouveau ouverte."
    done(request, lambda: act(by=request.user, post=post), sentence)
    return redirect(where(post))


@allows(Action.FORUM_POST)
@require_POST
def follow_topic(request: HttpRequest, pk: int) -> HttpResponse:
    found = topic_of(request.user, pk)
    act = follow if is_asked(request) else unfollow
    act(by=request.user, what=found)
    messages.success(
        request,
        "Vous serez prévenu des prochaines réponses."
        if act is follow
        else "Vous ne serez plus prévenu des réponses à ce sujet.",
    )
    return redirect(found)


@allows(Action.FORUM_POST)
@require_POST
def follow_theme(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ForumTheme, pk=pk)
    act = follow if is_asked(request) else unfollow
    act(by=request.user, what=found)
    messages.success(
        request,
        f"Vous serez prévenu des nouvelles questions du thème «\u00a0{found}\u00a0»."
        if act is follow
        else f"Vous ne serez plus prévenu des questions du thème «\u00a0{found}\u00a0».",
    )
    return redirect("support:forum_follows" if "retour" in request.POST else "support:forum")


@allows(Action.FORUM_POST)
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Sent by the page once it is read, or by its button; until the last post that it showed."""
    found = topic_of(request.user, pk)
    seconds = row_number(request.POST.get("jusqu_a", ""))
    until = datetime.fromtimestamp(seconds + 1, UTC) if 0 < seconds < 1 << 33 else None
    mark_read(by=request.user, topic=found, until=until)
    if request.headers.get("X-Automatic"):
        return HttpResponse(status=204)
    return redirect(found)


@allows(Action.FORUM_POST)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    post = post_of(request.user, pk)
    form = ReportForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and tried(form, lambda: reported(request, post, form)):
            messages.success(request, "Merci. L’assistance va relire ce message.")
            return redirect(where(post))
        status = 422
    context = {"above": trail(post.topic), "post": post, "form": form, "back_url": where(post)}
    return render(request, "support/forum/report.html", context, status=status)


def reported(request, post, form):
    typed = form.cleaned_data
    return report_post(by=request.user, post=post, reason=typed["motif"], note=typed["precision"])
