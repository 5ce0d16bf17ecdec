"""What one follows, when one is told, and the link of a mail that stops it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from establishments.access import allows, public
from establishments.perimeter import Action
from support.forum.forms import PaceForm
from support.forum.unfollowing import followed_by
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
    found = followed_by(token)
    what = str(found) if found else ""
    if request.method == "POST" and found is not None:
        unfollow(by=found.user, what=found.topic or found.theme)
        context = {"what": what, "is_done": True}
        return render(request, "support/forum/stop.html", context)
    return render(request, "support/forum/stop.html", {"what": what})
