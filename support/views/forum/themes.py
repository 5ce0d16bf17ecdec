"""The themes of the forum, as support puts them in order."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from establishments.access import allows
from establishments.perimeter import Action
from support.forum.forms import ThemeForm
from support.models import ForumTheme
from support.services.forum.themes import archive_theme, move_theme, save_theme
from support.views.forum.trail import done, trail, tried

MOVES = {"monter": True, "descendre": False}
ARCHIVES = {"archiver": True, "rouvrir": False}


@allows(Action.FORUM_MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def themes(request: HttpRequest) -> HttpResponse:
    """All of them, archived too, and the form of a new one."""
    form = ThemeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and saved(request, form):
        messages.success(request, "Le thème est ajouté.")
        return redirect("support:forum_themes")
    rows = ForumTheme.objects.annotate(count=Count("topics")).order_by("position", "pk")
    context = {"above": trail(), "themes": rows, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "support/forum/themes.html", context, status=status)


@allows(Action.FORUM_MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def theme(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ForumTheme, pk=pk)
    initial = {"titre": found.title, "description": found.description}
    form = ThemeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and saved(request, form, found):
        messages.success(request, "Le thème est enregistré.")
        return redirect("support:forum_themes")
    context = {"above": trail(), "theme": found, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "support/forum/theme.html", context, status=status)


def saved(request: HttpRequest, form: ThemeForm, found: ForumTheme | None = None) -> Any:
    typed = form.cleaned_data
    return tried(
        form,
        lambda: save_theme(
            by=request.user,
            title=typed["titre"],
            description=typed["description"],
            theme=found,
        ),
    )


@allows(Action.FORUM_MODERATE)
@require_POST
def theme_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Up, down, archived, open again: the button says which."""
    found = get_object_or_404(ForumTheme, pk=pk)
    wanted = request.POST.get("ordre", "")
    if wanted in MOVES:
        move_theme(by=request.user, theme=found, up=MOVES[wanted])
    elif wanted in ARCHIVES:
        is_archived = ARCHIVES[wanted]
        act = partial(archive_theme, by=request.user, theme=found, is_archived=is_archived)
        sentence = "Le thème est archivé." if is_archived else "Le thème est de nouveau ouvert."
        done(request, act, sentence)
    return redirect("support:forum_themes")
