"""How far a message has come: by role, by territory, by person; a reminder before it leaves."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Habilitation
from common.exports import csv_response, spreadsheet_response
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from journal.services import record
from steering.messages import following
from steering.messages.audience import in_regions
from steering.messages.forms import FollowFilter
from steering.messages.letters import reminder
from steering.messages.naming import late_text
from steering.messages.roles import KEYS, rights_q
from steering.messages.tables import recipients_table
from steering.models import Message
from steering.services.message_mails import not_delivered, not_written_to
from steering.services.message_readings import OVER, remind_late
from steering.services.message_rules import MessageError, sender_of
from steering.views.messages import trail

PER_PAGE = 50
FORMATS = ("xlsx", "csv")
NOT_DELIVERED = ("non-remis", "Courriel non remis")
OF_ACTION = [
    ("", "N’ont pas répondu"),
    ("non-lus", "Non lus"),
    ("lus", "Lus, sans suite"),
    ("faits", "Pris en compte"),
    NOT_DELIVERED,
    ("tous", "Tous"),
]
OF_INFORMATION = [("", "Non lus"), ("lus", "Lus"), NOT_DELIVERED, ("tous", "Tous")]


@dataclass(frozen=True, slots=True)
class Followed:
    """A message, and the region to which one's following of it is limited."""

    message: Message
    region: str | None

    def asked(self, request: HttpRequest, form: FollowFilter) -> Any:
        """The recipients that the filters ask for, as the table shows them."""
        chosen = form.chosen()
        rows = following.recipients(self.message, self.region)
        found = self._of_state(rows, chosen.get("etat", ""))
        if (key := chosen.get("role")) and key in KEYS:
            rights = Habilitation.objects.in_force().filter(rights_q([key]))
            found = found.filter(pk__in=rights.values("profile"))
        if place := chosen.get("lieu"):
            found = found.filter(self._in_place(place))
        return following.for_table(found)

    def _of_state(self, rows: Any, state: str) -> Any:
        if state == NOT_DELIVERED[0]:
            return self._not_delivered(rows)
        return following.answered(rows, state) if state else following.missing(self.message, rows)

    def people_not_told(self) -> int:
        """How many addresses no mail about it could reach."""
        found = self._not_delivered(following.recipients(self.message, self.region))
        return int(found.order_by().values("user").distinct().count())

    def _not_delivered(self, rows: Any) -> Any:
        return rows.filter(user__in=not_delivered(self.message).values("user"))

    def _in_place(self, code: str) -> Q:
        if self.region is None:
            return in_regions([code])
        return (
            Q(establishment__department=code)
            | Q(legal_entity__department=code)
            | Q(body__department=code)
        )


def followed(request: HttpRequest, pk: int) -> Followed:
    """For who sent it; for an ARS that a message of the national cell reaches, its region alone."""
    rows = Message.objects.sent().select_related("sender", "sent_by", "corrects")
    found = get_object_or_404(rows, pk=pk)
    is_own = found.sender == sender_of(request.user)
    if not is_own and not following.may_follow(request.user, found):
        raise Http404
    return Followed(found, following.scope_of(request.user, found))


def above(message: Message) -> list[tuple[str, str]]:
    return [*trail(), (message.reference, reverse("steering:message", args=[message.pk]))]


def _filter(request: HttpRequest, one: Followed, tallies: Any, places: Any) -> FollowFilter:
    states = OF_ACTION if one.message.is_for_action else OF_INFORMATION
    return FollowFilter(
        request.GET,
        states=states,
        roles=[(tally.key, tally.label) for tally in tallies],
        places=[(tally.key, tally.label) for tally in places if tally.key],
    )


@allows(Action.MSG_SEND)
@require_safe
def message_follow(request: HttpRequest, pk: int) -> HttpResponse:
    one = followed(request, pk)
    roles = following.by_role(one.message, one.region)
    places = following.by_territory(one.message, one.region)
    form = _filter(request, one, roles, places)
    table = recipients_table(one.message)
    page = Paginator(one.asked(request, form), PER_PAGE).get_page(request.GET.get("page"))
    rows = with_rights(page.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "above": above(one.message),
        "message": one.message,
        "region": one.region,
        "overall": following.overall(one.message, one.region),
        "not_told": one.people_not_told(),
        "roles": roles,
        "places": places,
        "form": form,
        "table": table,
        "page": page,
        "lines": [table.cells(row) for row in rows],
        "count": page.paginator.count,
        "query": query.urlencode(),
        "formats": FORMATS,
        "may_remind": one.message.is_in_force,
    }
    return render(request, "steering/messages/follow.html", context)


def with_rights(rows: Any) -> list[Any]:
    """The profiles of a page, with their rights in force, in one query."""
    found = list(rows)
    rights: dict[int, list[Habilitation]] = {one.pk: [] for one in found}
    for right in Habilitation.objects.in_force().filter(profile__in=list(rights)):
        rights[right.profile_id].append(right)
    for one in found:
        one.rights = rights[one.pk]
    return found


@allows(Action.MSG_SEND)
@require_safe
def message_follow_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The list of the screen, all its pages; who took it is in the journal."""
    if kind not in FORMATS:
        raise Http404
    one = followed(request, pk)
    roles = following.by_role(one.message, one.region)
    places = following.by_territory(one.message, one.region)
    found = one.asked(request, _filter(request, one, roles, places))
    table = recipients_table(one.message)
    rows = [table.file_row(row) for row in with_rights(found)]
    record(
        "steering.message_readers_exported",
        by=request.user,
        target=one.message,
        format=kind,
        rows=len(rows),
        filters=request.GET.urlencode(),
    )
    name = f"destinataires-{one.message.pk}-{timezone.localdate():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(table.headers, rows, filename=name)
    return spreadsheet_response(table.title, table.headers, rows, filename=name)


@allows(Action.MSG_SEND)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def message_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """To whom it would be written again, and what; then it leaves, once a day at most."""
    one = followed(request, pk)
    rows = following.missing(one.message, following.recipients(one.message, one.region))
    if request.method == "POST":
        _reminded(request, one, rows)
        return redirect("steering:message_follow", pk=pk)
    if not one.message.is_in_force:
        messages.error(request, OVER)
        return redirect("steering:message_follow", pk=pk)
    left = not_written_to(one.message, rows, timezone.localdate())
    people = left.order_by().values("user").distinct().count()
    context = {
        "above": above(one.message),
        "message": one.message,
        "people": people,
        "said": late_text(one.message, rows.order_by().values("user").distinct().count()),
        "mail": reminder(one.message, request.user.email),
    }
    return render(request, "steering/messages/remind.html", context)


def _reminded(request: HttpRequest, one: Followed, rows: Any) -> None:
    try:
        count = remind_late(by=request.user, message=one.message, profiles=rows)
    except MessageError as refusal:
        messages.error(request, str(refusal))
        return
    s = "s" if count > 1 else ""
    messages.success(request, f"{count}\u00a0personne{s} relancée{s}.")
