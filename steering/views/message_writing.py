"""What one writes for the ministry or an ARS: drafts, their preview, the sending, what follows."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.notices.sealed import queue_written
from common.markup import plain
from common.markup import render as render_text
from common.numbers import row_number
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from steering.messages.forms import MessageForm, WithdrawForm, typed_of
from steering.messages.letters import trial
from steering.messages.naming import reach_text, recipients_of
from steering.messages.reading import PUBLISHED
from steering.messages.sentences import days_sentence
from steering.models import Message
from steering.services.message_files import join_files, take_off_files
from steering.services.message_rules import (
    MessageChangedError,
    MessageError,
    next_reference,
    reach_of,
    sender_of,
    what_is_missing,
)
from steering.services.messages import (
    change_message,
    correct_message,
    drop_message,
    send_message,
    start_message,
    withdraw_message,
)
from steering.views.messages import trail

PER_PAGE = 20
SENT = ("Messages écrits", "steering:messages_written")


def own_message(user: User, pk: int) -> Message:
    """One of the body that one writes for; another's does not exist."""
    rows = Message.objects.for_user(user, to=Action.MSG_SEND)
    return get_object_or_404(rows.select_related("sender", "corrects", "written_by"), pk=pk)


@allows(Action.MSG_SEND)
@require_safe
def messages_written(request: HttpRequest) -> HttpResponse:
    """The drafts, then what was sent."""
    rows = Message.objects.for_user(request.user, to=Action.MSG_SEND).select_related(
        "written_by", "sent_by"
    )
    rows = rows.order_by(F("sent_at").desc(nulls_first=True), "-pk").prefetch_related(PUBLISHED)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"above": trail(), "page": page, "sender": sender_of(request.user)}
    return render(request, "steering/messages/written.html", context)


@allows(Action.MSG_SEND)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def message_new(request: HttpRequest) -> HttpResponse:
    """A blank note, its reference proposed."""
    sender = sender_of(request.user)
    initial = {
        "reference": next_reference(sender, timezone.localdate()),
        "nature": Message.Nature.INFORMATION,
        "territoire": "france" if sender.region_id is None else "regions",
        "signature": f"{request.user}, {sender}",
    }
    form = MessageForm(request.POST or None, request.FILES or None, initial=initial, sender=sender)
    if request.method == "POST":
        return _kept(request, form, None)
    return _form_page(request, form, None)


@allows(Action.MSG_SEND)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def message_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft taken up again; one that was sent goes to its page."""
    found = own_message(request.user, pk)
    if not found.is_draft:
        messages.error(request, "Ce message est envoyé\u00a0: rectifiez-le, ou retirez-le.")
        return redirect("steering:message", pk=pk)
    form = MessageForm(
        request.POST or None,
        request.FILES or None,
        initial=typed_of(found),
        sender=found.sender,
        is_correction=found.corrects_id is not None,
    )
    if request.method == "POST":
        return _kept(request, form, found)
    return _form_page(request, form, found)


def _kept(request: HttpRequest, form: MessageForm, found: Message | None) -> HttpResponse:
    """Save what can be; nothing typed is lost when it cannot."""
    if not form.is_valid():
        return _form_page(request, form, found, status=422)
    try:
        with transaction.atomic():  # the text and its files, or nothing
            saved = _save(request.user, form, found)
            _save_files(request, form, saved)
    except MessageChangedError as changed:
        form.add_error(None, f"{changed} Votre texte est encore ici.")
        return _form_page(request, form, found, status=409)
    except MessageError as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, found, status=422)
    if "apercu" in request.POST:
        return redirect("steering:message_preview", pk=saved.pk)
    messages.success(request, "Le brouillon est enregistré.")
    return redirect("steering:message_edit", pk=saved.pk)


def _save(user: User, form: MessageForm, found: Message | None) -> Message:
    if found is None:
        return start_message(by=user, content=form.content())
    seen = form.cleaned_data["version"] or 0
    return change_message(by=user, message=found, content=form.content(), seen=seen)


def _save_files(request: HttpRequest, form: MessageForm, saved: Message) -> None:
    taken_off = [row_number(one) for one in request.POST.getlist("retirer")]
    if taken_off:
        take_off_files(by=request.user, message=saved, numbers=taken_off)
    if form.cleaned_data["fichiers"]:
        join_files(by=request.user, message=saved, files=form.cleaned_data["fichiers"])


def _form_page(
    request: HttpRequest, form: MessageForm, found: Message | None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "above": trail(SENT),
        "title": f"Brouillon {found.reference}" if found else "Écrire un message",
        "form": form,
        "draft": found,
        "files": found.files.told() if found else [],
        "recipients": recipients_of(found) if found and found.corrects_id else None,
        "lost_files": bool(form.errors and request.FILES),
    }
    return render(request, "steering/messages/edit.html", context, status=status)


@allows(Action.MSG_SEND)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def message_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the recipients would see, who they are; then it leaves, for ever."""
    found = own_message(request.user, pk)
    if request.method == "POST":
        return _sent(request, found)
    if not found.is_draft:
        return redirect("steering:message", pk=pk)
    return _preview_page(request, found)


def _sent(request: HttpRequest, found: Message) -> HttpResponse:
    if "essai" in request.POST:
        mail = trial(found, plain(found.body), request.user.email)
        queue_written(str(mail.subject), str(mail.body), request.user.email)
        messages.success(request, f"L’essai part à {request.user.email}.")
        return redirect("steering:message_preview", pk=found.pk)
    try:
        sent, is_new = send_message(
            by=request.user, message=found, seen=row_number(request.POST.get("version", ""))
        )
    except MessageChangedError as changed:
        found.refresh_from_db()
        return _preview_page(request, found, warning=str(changed), status=409)
    except MessageError as refusal:
        return _preview_page(request, found, warning=str(refusal), status=422)
    if is_new:
        messages.success(request, "Le message est envoyé.")
    return redirect("steering:message_follow", pk=sent.pk)


def _preview_page(
    request: HttpRequest, found: Message, *, warning: str = "", status: int = 200
) -> HttpResponse:
    missing = what_is_missing(found, timezone.localdate())
    has_recipients = bool(found.roles or found.category_codes)
    reach = reach_of(found) if has_recipients else None
    context = {
        "above": trail(SENT),
        "message": found,
        "text": render_text(found.body),
        "files": found.files.told(),
        "recipients": recipients_of(found),
        "days": days_sentence(found),
        "missing": missing,
        "warning": warning,
        "reach": reach_text(reach) if reach and reach.people else "",
        "mail": trial(found, plain(found.body), request.user.email) if found.by_mail else None,
    }
    return render(request, "steering/messages/preview.html", context, status=status)


@allows(Action.MSG_SEND)
@as_shown
@require_POST
def message_drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_message(request.user, pk)
    try:
        drop_message(by=request.user, message=found)
    except MessageError as refusal:
        messages.error(request, str(refusal))
        return redirect("steering:message", pk=pk)
    messages.success(request, f"Le brouillon {found.reference} est supprimé.")
    return redirect("steering:messages_written")


@allows(Action.MSG_SEND)
@as_shown
@require_POST
def message_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of the message that will correct this one."""
    try:
        draft = correct_message(by=request.user, message=own_message(request.user, pk))
    except MessageError as refusal:
        messages.error(request, str(refusal))
        return redirect("steering:message", pk=pk)
    return redirect("steering:message_edit" if draft.is_draft else "steering:message", pk=draft.pk)


@allows(Action.MSG_SEND)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def message_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_message(request.user, pk)
    form = WithdrawForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _withdrawn(request, found, form):
            messages.success(request, "Le message est retiré.")
            return redirect("steering:message", pk=pk)
        status = 422
    context = {"above": trail(SENT), "message": found, "form": form}
    return render(request, "steering/messages/withdraw.html", context, status=status)


def _withdrawn(request: HttpRequest, found: Message, form: WithdrawForm) -> bool:
    try:
        withdraw_message(by=request.user, message=found, reason=form.cleaned_data["motif"])
    except MessageError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
