"""What one follows, when one is told, and the link of a mail that stops it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from establishments.access import allows, public
from establishments.perimeter import Action
from support.forum.forms import PaceForm
from support.forum.unfollowing import followed_by, silenced_by
from support.models import ForumFollow, ForumReader
from support.services.forum.following import set_pace, unfollow
from support.views.forum.trail import trail, tried

MOST = 200


@allows(Action.FORUM_POST)
@require_http_methods(["GET", "HEAD", "POST"])
def follows(request: HttpRequest) -> HttpResponse:
    reader = ForumReader.objects.filter(pk=request.user.pk).first()
    pace = reader.pace if reader else ForumReader.Pace.EACH
    form = PaceForm(request.POST or None, initial={"rythme": pace})
    if request.method == "POST" and form.is_valid():
        tried(form, lambda: set_pace(by=request.user, pace=form.cleaned_data["rythme"]))
        messages.success(request, "Votre choix est enregistré.")
        return redirect("support:forum_follows")
    rows = ForumFollow.objects.filter(user=request.user).select_related("topic", "theme")
    found = list(rows[:MOST])
    context = {
        "above": trail(),
        "form": form,
        "themes": [one for one in found if one.theme_id],
        "topics": [one for one in found if one.topic_id],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "support/forum/follows.html", context, status=status)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """A button, because programs that read mails open their links."""
    follow, reader = followed_by(token), silenced_by(token)
    what = "le résumé du jour" if reader else str(follow or "")
    is_done = request.method == "POST" and bool(what)
    if is_done and reader:
        set_pace(by=reader.user, pace=ForumReader.Pace.NEVER)
    elif is_done and follow:
        unfollow(by=follow.user, what=follow.topic or follow.theme)
    return render(request, "support/forum/stop.html", {"what": what, "is_done": is_done})
