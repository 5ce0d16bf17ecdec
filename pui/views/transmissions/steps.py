"""Steps 2 and 3: what the file says, the answers, one confirmation, the receipt."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.exports import spreadsheet_response
from common.numbers import row_number
from establishments.access import allows, as_shown
from pui.answers import Answered, questions_of
from pui.models import Transmission
from pui.services import transmitting
from pui.services.transmitting import ChangedMeanwhileError, TransmittingError
from pui.transfer.preview import preview_of
from pui.transfer.remarks import REMARK_HEADERS, remark_rows
from pui.transfer.sentences import new_sentence
from pui.transmission_forms import ColumnsForm
from pui.views.transmissions.context import (
    READERS,
    WRITERS,
    address_of,
    may_write_row,
    missing_sentence,
    step,
    trail,
    transmission_of,
    words_of,
)
from pui.views.transmissions.receipt import receipt_context

State = Transmission.State
UNFINISHED = 422  # the status of a form that comes back
SHOWN = 200  # lines of a table; the file holds them all
INCOMPLETE = "Des réponses sont à compléter\u00a0: rien n’a été enregistré."
PAGE = "dispostock/transmission_step.html"
PARTS = {
    State.READING: "under_way",
    State.STORING: "under_way",
    State.READY: "preview",
    State.REFUSED: "refused",
    State.ABANDONED: "abandoned",
    State.CONFIRMED: "receipt",
    State.REPLACED: "receipt",
}
NUMBERS = {State.READING: 2, State.READY: 2, State.REFUSED: 2, State.ABANDONED: 2}


@allows(*WRITERS, *READERS)
@require_safe
def detail(request: HttpRequest, slug: str, number: UUID) -> HttpResponse:
    """One address from the deposit to the receipt: it says where the transmission is."""
    row = transmission_of(request, slug, number)
    if row.state == State.READY and ("colonnes" in request.GET or row.report.get("asks")):
        return show_columns(request, row, ColumnsForm(transmission=row))
    return show(request, row)


def show(
    request: HttpRequest,
    row: Transmission,
    *,
    status: int = 200,
    warning: str = "",
    posted: Callable[..., Answered] = questions_of,
) -> HttpResponse:
    context: dict[str, object] = {
        "part": PARTS[State(row.state)],
        "warning": warning,
        "attempted": status == UNFINISHED,
    }
    if row.state == State.READY:
        preview = preview_of(row)
        context |= {
            "preview": preview,
            "answered": posted(preview),
            "shown": SHOWN,
            "missing_sentence": missing_sentence(len(preview.missing), row.monitored_list),
            "new_sentence": new_sentence(len(preview.new), is_first=preview.before_on is None),
        }
    elif row.state in Transmission.STORED:
        context |= receipt_context(request.user, row)
    return drawn(request, row, context, status)


def drawn(
    request: HttpRequest, row: Transmission, context: dict[str, object], status: int = 200
) -> HttpResponse:
    common = words_of(row.monitored_list) | step(NUMBERS.get(State(row.state), 3))
    common |= {
        "row": row,
        "pui": row.pui,
        "may_write": may_write_row(request.user, row),
        "above": trail(row.monitored_list, row.pui),
    }
    return render(request, PAGE, common | context, status=status)


def show_columns(
    request: HttpRequest, row: Transmission, form: ColumnsForm, *, status: int = 200
) -> HttpResponse:
    context = {"part": "columns", "form": form, "asks": row.report.get("asks", [])}
    return drawn(request, row, context, status)


@as_shown
@allows(*WRITERS)
@require_POST
def columns(request: HttpRequest, slug: str, number: UUID) -> HttpResponse:
    """Read the file again under the columns that the person named, and remember them."""
    row = transmission_of(request, slug, number, to_write=True)
    form = ColumnsForm(request.POST, transmission=row)
    if not form.is_valid():
        return show_columns(request, row, form, status=422)
    try:
        transmitting.remap(row, form.cleaned_data, by=request.user)
    except ChangedMeanwhileError as refusal:
        messages.warning(request, str(refusal))
    except TransmittingError as refusal:
        form.add_error(None, str(refusal))
        return show_columns(request, row, form, status=422)
    return redirect(address_of(row))


@as_shown
@allows(*WRITERS)
@require_POST
def confirm(request: HttpRequest, slug: str, number: UUID) -> HttpResponse:
    """Keep the answers, then store everything if none is missing: once, whole, or not at all."""
    row = transmission_of(request, slug, number, to_write=True)
    if row.state != State.READY:
        return redirect(address_of(row))
    preview = preview_of(row)
    answered = questions_of(preview, request.POST)
    try:
        row = transmitting.answer(
            row,
            answered.choices,
            by=request.user,
            version=row_number(request.POST.get("version", "")),
        )
        if answered.errors:
            raise TransmittingError(INCOMPLETE)
        refused = len(preview.refused)
        transmitting.confirm(
            row,
            by=request.user,
            version=row.report["version"],
            without_refused=refused > 0 and row_number(request.POST.get("refusees", "")) == refused,
        )
    except TransmittingError as refusal:
        return told_why(request, row, refusal)
    return redirect(address_of(row))


def told_why(request: HttpRequest, row: Transmission, refusal: TransmittingError) -> HttpResponse:
    """The page as it stands now, with the answers kept; what others did meanwhile comes first."""
    row = transmission_of(request, row.monitored_list_id, row.number)
    if row.state != State.READY:
        messages.warning(request, str(refusal))
        return redirect(address_of(row))
    if isinstance(refusal, ChangedMeanwhileError):
        return show(request, row, status=409, warning=str(refusal))
    return show(request, row, status=UNFINISHED, warning=str(refusal), posted=posted_again(request))


def posted_again(request: HttpRequest) -> Callable[..., Answered]:
    return lambda preview: questions_of(preview, request.POST)


@as_shown
@allows(*WRITERS)
@require_POST
def abandon(request: HttpRequest, slug: str, number: UUID) -> HttpResponse:
    row = transmission_of(request, slug, number, to_write=True)
    return act(request, row, lambda: transmitting.abandon(row, by=request.user))


@as_shown
@allows(*WRITERS)
@require_POST
def restart(request: HttpRequest, slug: str, number: UUID) -> HttpResponse:
    row = transmission_of(request, slug, number, to_write=True)
    return act(request, row, lambda: transmitting.restart(row, by=request.user))


def act(request: HttpRequest, row: Transmission, done: Callable[[], None]) -> HttpResponse:
    """Do something to a transmission, then show its page, which says what became of it."""
    try:
        done()
    except TransmittingError as refusal:
        messages.error(request, str(refusal))
    return redirect(address_of(row))


@allows(*WRITERS)
@require_safe
def remarks(request: HttpRequest, slug: str, number: UUID) -> FileResponse:
    """Everything that is said of the lines, as a file to correct beside one's own."""
    row = transmission_of(request, slug, number, to_write=True)
    rows = remark_rows(preview_of(row))
    name = f"remarques-{row.due_on}"
    return spreadsheet_response("Remarques", REMARK_HEADERS, rows, filename=name)
