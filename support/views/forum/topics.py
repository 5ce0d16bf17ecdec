"""A topic: its posts, an answer to it, a correction."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from common.markup import plain
from common.markup import render as rendered
from common.numbers import row_number
from common.photos import photo_response
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from support.forum.forms import EditForm, WrittenForm
from support.forum.thread import page_of, post_of, thread_of, topic_of
from support.models import ForumImage, ForumPost, ForumTopic
from support.services.forum.posts import answer, edit_post
from support.views.forum.trail import trail, tried

QUOTED = 1_500  # signs of a post that an answer takes up


@allows(Action.FORUM_POST)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Merged into another one, it leads there; what was typed goes there too."""
    if target := merged_into(pk):
        return redirect("support:forum_topic", pk=target)
    found = topic_of(request.user, pk)
    if request.method == "POST":
        return answered(request, found)
    form = WrittenForm(initial={"texte": quoted(request, found)})
    return shown(request, found, form)


def answered(request: HttpRequest, found: ForumTopic) -> HttpResponse:
    form = WrittenForm(request.POST, request.FILES)
    if "apercu" in request.POST:
        preview = rendered(request.POST.get("texte", "")[:10_000])
        return shown(request, found, form, preview=preview)
    if form.is_valid():
        act = partial(answer, by=request.user, topic=found, written=form.written())
        post: ForumPost | None = tried(form, act)
        if post is not None:
            messages.success(request, "Votre réponse est publiée.")
            return redirect(where(post))
    return shown(request, found, form, status=422)


def shown(
    request: HttpRequest, found: ForumTopic, form: Any, *, preview: Any = "", status: int = 200
) -> HttpResponse:
    thread = thread_of(request.user, found, request.GET.get("page"))
    context = {"above": trail(), "thread": thread, "form": form, "preview": preview}
    return render(request, "support/forum/topic.html", context, status=status)


def merged_into(pk: int) -> int | None:
    rows = ForumTopic.objects.filter(pk=pk, merged_into__isnull=False)
    return rows.values_list("merged_into", flat=True).first()


def quoted(request: HttpRequest, found: ForumTopic) -> str:
    """The post that one answers, each line after « > »; it must be of this topic."""
    number = row_number(request.GET.get("citer", ""))
    post = found.posts.shown().filter(pk=number).select_related("by").first()
    if post is None:
        return ""
    said = plain(post.text)[:QUOTED].splitlines()
    lines = [f"**{post.by}** a écrit\u00a0:", *said]
    return "\n".join(f"> {line}" for line in lines) + "\n\n"


def where(post: ForumPost) -> str:
    """The page of the topic, at the post."""
    address = reverse("support:forum_topic", args=[post.topic_id])
    number = page_of(post)
    query = f"?{urlencode({'page': number})}" if number > 1 else ""
    return f"{address}{query}#m{post.pk}"


@allows(Action.FORUM_POST)
@require_safe
def post_place(request: HttpRequest, pk: int) -> HttpResponse:
    """The address of a post, which never changes."""
    return redirect(where(post_of(request.user, pk)))


@allows(Action.FORUM_POST)
@require_safe
def image(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a post that one reads: never as a page, never as a script."""
    post = post_of(request.user, pk)
    found = ForumImage.objects.filter(post=post).first()
    if found is None:
        raise Http404
    return photo_response(found.content, f"capture-{post.pk}")


@allows(Action.FORUM_POST)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    post = post_of(request.user, pk)
    if not post.is_edited_by(request.user):
        raise PermissionDenied(
            "Un message se corrige pendant 24 heures, par la personne qui l’a écrit."
        )
    form = EditForm(request.POST or None, post=post)
    preview: Any = ""
    status = 200
    if "apercu" in request.POST:
        preview = rendered(request.POST.get("texte", "")[:10_000])
    elif request.method == "POST":
        status = 422
        if form.is_valid() and tried(form, lambda: edited(request, post, form)):
            messages.success(request, "Votre message est corrigé.")
            return redirect(where(post))
    context = {"above": trail(post.topic), "post": post, "form": form, "preview": preview}
    return render(request, "support/forum/edit.html", context, status=status)


def edited(request: HttpRequest, post: ForumPost, form: EditForm) -> ForumPost:
    typed = form.cleaned_data
    return edit_post(by=request.user, post=post, text=typed["texte"], title=typed.get("titre", ""))
