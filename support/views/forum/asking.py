"""A question: what was already asked comes first, then the rest of the form."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.markup import render as rendered
from common.numbers import row_number
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from support.forum.finding import near
from support.forum.forms import AskForm, TitleForm
from support.models import ForumPost, ForumTopic
from support.questions.finding import similar
from support.services.forum.posts import open_topic
from support.services.forum.rules import why_read_only
from support.views.forum.trail import trail, tried


@allows(Action.FORUM_POST)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The title alone, then what is near, then all of it: the title stays in the address."""
    if request.method == "POST":
        return asked(request)
    if refusal := why_read_only(request.user):
        context = {"above": trail(), "refusal": refusal}
        return render(request, "support/forum/ask_refused.html", context)
    title = request.GET.get("titre", "")
    form = TitleForm({"titre": title} if "titre" in request.GET else None)
    if "titre" not in request.GET or not form.is_valid():
        status = 422 if "titre" in request.GET else 200
        return render(request, "support/forum/ask_title.html", words(form), status=status)
    title = form.cleaned_data["titre"]
    if "suite" not in request.GET:
        topics, questions = near(request.user, title), similar(title)
        if topics or questions:
            context = words(form, title=title, topics=topics, questions=questions)
            return render(request, "support/forum/ask_near.html", context)
    theme = row_number(request.GET.get("theme", "")) or None
    return whole(request, AskForm(initial={"titre": title, "theme": theme}))


def asked(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST, request.FILES)
    if "apercu" in request.POST:
        return whole(request, form, preview=rendered(request.POST.get("texte", "")[:10_000]))
    if form.is_valid():
        topic: ForumTopic | None = tried(form, lambda: opened(request, form))
        if topic is not None:
            messages.success(
                request, "Votre question est publiée. Les réponses vous seront signalées ici."
            )
            return redirect(topic)
    return whole(request, form, status=422)


def opened(request: HttpRequest, form: AskForm) -> ForumTopic:
    typed = form.cleaned_data
    return open_topic(
        by=request.user, theme=typed["theme"], title=typed["titre"], written=form.written()
    )


def whole(
    request: HttpRequest, form: AskForm, *, preview: Any = "", status: int = 200
) -> HttpResponse:
    rows = ForumPost.objects.filter(by=request.user, is_question=True)
    last = rows.order_by("-at").first()
    context = words(form, preview=preview, saved=str(last.token) if last else "")
    return render(request, "support/forum/ask.html", context, status=status)


def words(form: Any, **more: Any) -> dict[str, Any]:
    return {"above": trail(), "form": form, **more}
