"""What support does: posts reported, topics put in order, people who only read."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from establishments.access import allows
from establishments.perimeter import Action
from support.forum.forms import HideForm, MergeForm, RestrictForm, TopicForm
from support.forum.moderating import Queue, queue
from support.forum.thread import post_of, topic_of
from support.services.forum.moderation import (
    close_topic,
    describe_topic,
    merge_topics,
    pin_topic,
    reopen_topic,
)
from support.services.forum.reports import hide_post, keep_post, show_post
from support.services.forum.restrictions import free, restrict
from support.views.forum.topics import where
from support.views.forum.trail import done, trail, tried

STATES = {"clore": close_topic, "rouvrir": reopen_topic}
QUEUE = ("Modération", "support:forum_moderation")


@allows(Action.FORUM_MODERATE)
@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """What was reported, the questions that wait, who only reads."""
    found: Queue = queue(request.user)
    return render(request, "support/forum/moderation.html", {"above": trail(), "queue": found})


@allows(Action.FORUM_MODERATE)
@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    post = post_of(request.user, pk)
    done(request, lambda: keep_post(by=request.user, post=post), "Le message reste affiché.")
    return redirect("support:forum_moderation")


@allows(Action.FORUM_MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    post = post_of(request.user, pk)
    form = HideForm(request.POST or None)
    status = 200
    if request.method == "POST":
        reason = form.cleaned_data["motif"] if form.is_valid() else ""
        act = partial(hide_post, by=request.user, post=post, reason=reason)
        if reason and tried(form, act):
            messages.success(request, "Le message est masqué. Son auteur est prévenu.")
            return redirect("support:forum_moderation")
        status = 422
    context = {"above": trail(post.topic), "post": post, "form": form, "back_url": where(post)}
    return render(request, "support/forum/hide.html", context, status=status)


@allows(Action.FORUM_MODERATE)
@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    post = post_of(request.user, pk)
    sentence = "Le message est de nouveau affiché. Son auteur est prévenu."
    done(request, lambda: show_post(by=request.user, post=post), sentence)
    return redirect(where(post))


@allows(Action.FORUM_MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, pk: int) -> HttpResponse:
    """The title, the theme; what else is done of a topic stands beside."""
    topic = topic_of(request.user, pk)
    form = TopicForm(request.POST or None, initial={"titre": topic.title, "theme": topic.theme_id})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        act = partial(
            describe_topic, by=request.user, topic=topic, title=typed["titre"], theme=typed["theme"]
        )
        if tried(form, act):
            messages.success(request, "Le sujet est modifié.")
            return redirect(topic)
    return managed(request, topic, form=form, status=422 if request.method == "POST" else 200)


def managed(request: HttpRequest, topic: Any, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "above": trail(topic),
        "topic": topic,
        "form": TopicForm(initial={"titre": topic.title, "theme": topic.theme_id}),
        "merge_form": MergeForm(),
        **forms,
    }
    return render(request, "support/forum/manage.html", context, status=status)


@allows(Action.FORUM_MODERATE)
@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Close, open again, pin, unpin: the button says which."""
    topic = topic_of(request.user, pk)
    wanted = request.POST.get("etat", "")
    if wanted in STATES:
        act = STATES[wanted]
        done(request, lambda: act(by=request.user, topic=topic), "Le sujet est modifié.")
    elif wanted in ("epingler", "detacher"):
        is_pinned = wanted == "epingler"
        pin = partial(pin_topic, by=request.user, topic=topic, is_pinned=is_pinned)
        done(request, pin, "Le sujet est modifié.")
    return redirect(topic)


@allows(Action.FORUM_MODERATE)
@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """In two steps: the other topic is shown by its title before anything moves."""
    topic = topic_of(request.user, pk)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return managed(request, topic, merge_form=form, status=422)
    into = form.cleaned_data["sujet"]
    if "confirmer" not in request.POST:
        if into.pk == topic.pk:
            form.add_error("sujet", "Choisissez un autre sujet que celui-ci.")
            return managed(request, topic, merge_form=form, status=422)
        return managed(request, topic, merge_form=form, into=into)
    merged = tried(form, lambda: merge_topics(by=request.user, topic=topic, into=into))
    if merged is None:
        return managed(request, topic, merge_form=form, status=422)
    messages.success(request, "Les deux sujets n’en font plus qu’un.")
    return redirect(merged)


@allows(Action.FORUM_MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def restriction(request: HttpRequest, pk: int) -> HttpResponse:
    """A person who only reads, until a day."""
    person = get_object_or_404(User, pk=pk)
    form = RestrictForm(request.POST or None)
    status = 200
    if request.method == "POST":
        typed = form.restriction() if form.is_valid() else {}
        if typed and tried(form, partial(restrict, by=request.user, person=person, **typed)):
            messages.success(request, f"{person} lit le forum sans y écrire, et en est prévenu.")
            return redirect("support:forum_moderation")
        status = 422
    context = {"above": [*trail(), (QUEUE[0], "")], "person": person, "form": form}
    return render(request, "support/forum/restriction.html", context, status=status)


@allows(Action.FORUM_MODERATE)
@require_POST
def freed(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    sentence = f"{person} peut de nouveau écrire."
    done(request, lambda: free(by=request.user, person=person), sentence)
    return redirect("support:forum_moderation")
