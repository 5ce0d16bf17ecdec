"""The alerts of one's territory: the list, one of them, what one does about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Profile
from common.exports import csv_response, spreadsheet_response
from common.numbers import format_integer
from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from journal.services import record
from steering.alerts.filters import STATES, AlertFilter
from steering.alerts.forms import CommentForm, MailsForm, WordForm
from steering.alerts.page import context_of
from steering.alerts.reach import may_acknowledge, readable
from steering.alerts.recipients import rhythm_of
from steering.alerts.tables import alerts_table
from steering.models import Alert
from steering.models.alert import READ
from steering.services import alerts as services
from steering.services.alert_errors import AlertError
from steering.services.alert_mails import choose_rhythm

PER_PAGE = 50
FORMATS = ("xlsx", "csv")
TITLE = "Alertes"
reads = allows(*READ)
acts = allows(Action.ALERT_ACK)


@reads
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    form = AlertFilter(request.GET, user=request.user)
    page = Paginator(form.rows(), PER_PAGE).get_page(request.GET.get("page"))
    table = alerts_table()
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "title": TITLE,
        "form": form,
        "page": page,
        "caption": caption_of(page.paginator.count, form.state),
        "table": table,
        "lines": [table.cells(one) for one in page],
        "formats": FORMATS,
        "query": kept.urlencode(),
        "may_acknowledge": request.user.may(Action.ALERT_ACK),
        "may_write_rules": request.user.may(Action.ALERT_RULE),
    }
    return render(request, "steering/alerts/list.html", context)


def caption_of(count: int, state: str) -> str:
    """« 14 alertes en cours »."""
    word = STATES[state][0].lower() if state != "toutes" else ""
    return f"{format_integer(count)} alerte{'s' if count > 1 else ''} {word}".strip()


@reads
@require_safe
def alerts_file(request: HttpRequest, kind: str) -> HttpResponse:
    """All the pages of the list as it is filtered; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    form, table = AlertFilter(request.GET, user=request.user), alerts_table()
    rows = [table.file_row(one) for one in form.rows()]
    record(
        "steering.alerts_exported",
        by=request.user,
        target=TITLE,
        format=kind,
        rows=len(rows),
        filters=form.words,
    )
    name = f"alertes-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, rows, filename=name)
    return spreadsheet_response(table.title, table.headers, rows, filename=name)


def found(request: HttpRequest, pk: int) -> Alert:
    one: Alert = get_object_or_404(readable(request.user), pk=pk)
    return one


@reads
@require_safe
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, found(request, pk))


def show(request: HttpRequest, one: Alert, status: int = 200, **forms: Form) -> HttpResponse:
    context = context_of(request.user, one) | {
        "above": [(TITLE, reverse("steering:alerts"))],
        "word_form": forms.get("word", WordForm()),
        "comment_form": forms.get("comment", CommentForm(auto_id="commentaire_%s")),
    }
    return render(request, "steering/alerts/alert.html", context, status=status)


@as_shown
@acts
@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, "word", WordForm(request.POST), services.acknowledge, ACKNOWLEDGED)


@as_shown
@acts
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    form = CommentForm(request.POST, auto_id="commentaire_%s")
    return act(request, pk, "comment", form, services.comment, "Votre commentaire est écrit.")


ACKNOWLEDGED = "L’alerte est acquittée\u00a0: plus de courriel à son sujet, sauf si elle s’aggrave."


def act(
    request: HttpRequest,
    pk: int,
    name: str,
    form: Form,
    service: Callable[..., None],
    done: str,
) -> HttpResponse:
    """What was typed is kept when it is refused."""
    one = found(request, pk)
    if not may_acknowledge(request.user, one):
        raise PermissionDenied(refusal(Action.ALERT_ACK))
    if not form.is_valid():
        return show(request, one, 422, **{name: form})
    try:
        service(by=request.user, alert=one, word=form.cleaned_data["word"])
    except AlertError as refused:
        form.add_error(None, str(refused))
        return show(request, found(request, pk), 409, **{name: form})
    messages.success(request, done)
    return redirect("steering:alert", pk=pk)


@as_shown
@acts
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest) -> HttpResponse:
    """How often the mails of alerts come under the profile in use."""
    profile: Profile = request.user.active_profile
    form = MailsForm(request.POST or None, initial={"rhythm": rhythm_of(profile)})
    if request.method == "POST" and form.is_valid():
        choose_rhythm(by=request.user, profile=profile, rhythm=form.cleaned_data["rhythm"])
        messages.success(request, "Votre choix est enregistré.")
        return redirect("steering:alerts")
    context: dict[str, Any] = {
        "title": "Vos courriels d’alerte",
        "above": [(TITLE, reverse("steering:alerts"))],
        "form": form,
        "profile": profile,
    }
    status = 422 if form.errors else 200
    return render(request, "steering/alerts/mails.html", context, status=status)
