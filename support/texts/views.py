"""The pages where the words of the site and its announcements are written."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.markup import render as render_markup
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from support.models import Announcement, TextVersion
from support.services import texts as services
from support.texts.forms import AnnouncementForm, TextForm
from support.texts.known import BY_SLUG, KNOWN

ANNOUNCEMENTS_SHOWN = 20
VERSIONS_SHOWN = 20


@allows(Action.HELP_WRITE)
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Every part that one may write, with its last change; the announcements."""
    last = {
        row.slug: row
        for row in TextVersion.objects.order_by("slug", "-at", "-pk")
        .distinct("slug")
        .select_related("by")
    }
    context = {
        "lines": [(one, last.get(one.slug), reverse(one.route)) for one in KNOWN],
        "announcements": Announcement.objects.select_related("by")[:ANNOUNCEMENTS_SHOWN],
    }
    return render(request, "support/texts/list.html", context)


@as_shown
@allows(Action.HELP_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, slug: str) -> HttpResponse:
    """Write, look, then keep; an earlier version is taken again from the list of versions."""
    if slug not in BY_SLUG:
        raise Http404
    versions = list(TextVersion.objects.filter(slug=slug).select_related("by")[:VERSIONS_SHOWN])
    last = versions[0] if versions else None
    form = TextForm(request.POST or None, initial={"body": taken(request, versions, last)})
    status = 200
    if request.method == "POST" and form.is_valid() and "voir" not in request.POST:
        try:
            services.write_text(
                by=request.user, slug=slug, body=form.cleaned_data["body"], seen=seen_in(request)
            )
        except services.TextError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le texte est enregistré\u00a0: il est déjà en ligne.")
            return redirect("texts:texts")
    if form.errors:
        status = 422
    typed = form.data.get("body", "") if form.is_bound else form.initial["body"]
    context = {
        "known": BY_SLUG[slug],
        "form": form,
        "versions": versions,
        "seen": last.pk if last else "",
        "shown": render_markup(typed),
        "page_url": reverse(BY_SLUG[slug].route),
    }
    return render(request, "support/texts/text.html", context, status=status)


def taken(request: HttpRequest, versions: list[TextVersion], last: TextVersion | None) -> str:
    """The text to start from: an earlier version that one takes again, else that in force."""
    asked = request.GET.get("reprendre", "")
    found = next((one for one in versions if str(one.pk) == asked), last)
    return found.body if found else ""


def seen_in(request: HttpRequest) -> int | None:
    asked = request.POST.get("seen", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


@as_shown
@allows(Action.HELP_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def announcement_new(request: HttpRequest) -> HttpResponse:
    now = timezone.localtime().replace(second=0, microsecond=0)
    form = AnnouncementForm(request.POST or None, initial={"starts_at": now})
    if request.method == "POST" and form.is_valid():
        try:
            services.announce(by=request.user, **form.cleaned_data)
        except services.TextError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "L’annonce est enregistrée.")
            return redirect("texts:texts")
    status = 422 if form.errors else 200
    return render(request, "support/texts/announcement.html", {"form": form}, status=status)


@as_shown
@allows(Action.HELP_WRITE)
@require_POST
def announcement_end(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        row = services.withdraw(by=request.user, number=pk)
    except services.TextError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"L’annonce «\u00a0{row}\u00a0» est retirée.")
    return redirect("texts:texts")
