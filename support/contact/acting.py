"""The acts of the page of a request, by the name that its form sends."""

from collections.abc import Callable
from functools import cached_property

from django import forms
from django.http import HttpRequest

from common.numbers import row_number
from support.contact.act_forms import (
    AnswerForm,
    CloseForm,
    MergeForm,
    NoteForm,
    PriorityForm,
    TransferForm,
)
from support.models import CannedAnswer, Question, Ticket
from support.questions.finding import similar
from support.services.conversation import Message, answer, note
from support.services.errors import ContactError
from support.services.handling import give_back, merge, set_priority, take, transfer
from support.services.settling import close

NEAR = 6


class Forms:
    """The forms of the page; the one that was sent stands with what was typed."""

    def __init__(self, ticket: Ticket, canned: CannedAnswer | None) -> None:
        self.ticket, self.canned = ticket, canned
        self.opened = ""

    @cached_property
    def near(self) -> list[Question]:
        """The questions of the help near what is asked, to be joined to the answer."""
        first = self.ticket.messages.order_by("at", "pk").values_list("text", flat=True).first()
        return similar(f"{self.ticket.title} {first or ''}", NEAR)

    @cached_property
    def answer(self) -> forms.Form:
        return AnswerForm(canned=self.canned, near=self.near)

    @cached_property
    def note(self) -> forms.Form:
        return NoteForm()

    @cached_property
    def priority(self) -> forms.Form:
        return PriorityForm(initial={"priorite": self.ticket.priority})

    @cached_property
    def transfer(self) -> forms.Form:
        return TransferForm(initial={"region": self.ticket.region_id})

    @cached_property
    def merge(self) -> forms.Form:
        return MergeForm()

    @cached_property
    def close(self) -> forms.Form:
        return CloseForm()


Done = str
Act = Callable[[HttpRequest, Ticket, Forms], Done]


def _sent(shown: Forms, name: str, form: forms.Form, take: Callable[[], object]) -> bool:
    """Whether it was done; refused, the form says why and stands in the page."""
    setattr(shown, name, form)
    shown.opened = name
    if not form.is_valid():
        return False
    try:
        take()
    except ContactError as refused:
        form.add_error(None, str(refused))
        return False
    return True


def answer_from(request: HttpRequest, ticket: Ticket, shown: Forms) -> Done:
    form = AnswerForm(request.POST, request.FILES, near=shown.near)

    def write() -> None:
        typed = form.cleaned_data
        message = Message(typed["message"], typed["jeton"], typed["captures"], typed["lien"])
        answer(by=request.user, ticket=ticket, message=message, then=typed["suite"])

    done = _sent(shown, "answer", form, write)
    return "Votre réponse est envoyée, un courriel l’annonce." if done else ""


def note_from(request: HttpRequest, ticket: Ticket, shown: Forms) -> Done:
    form = NoteForm(request.POST)

    def write() -> None:
        typed = form.cleaned_data
        note(by=request.user, ticket=ticket, message=Message(typed["note"], typed["jeton"]))

    return "La note est enregistrée." if _sent(shown, "note", form, write) else ""


def take_from(request: HttpRequest, ticket: Ticket, shown: Forms) -> Done:
    seen = row_number(request.POST.get("suivie", "")) or None
    take(by=request.user, ticket=ticket, seen=seen)
    return "Vous suivez cette demande."


def give_back_from(request: HttpRequest, ticket: Ticket, shown: Forms) -> Done:
    give_back(by=request.user, ticket=ticket)
    return "Vous ne suivez plus cette demande."


def priority_from(request: HttpRequest, ticket: Ticket, shown: Forms) -> Done:
    form = PriorityForm(request.POST)

    def write() -> None:
        set_priority(by=request.user, ticket=ticket, priority=form.cleaned_data["priorite"])

    return "La priorité est changée." if _sent(shown, "priority", form, write) else ""


def transfer_from(request: HttpRequest, ticket: Ticket, shown: Forms) -> Done:
    form = TransferForm(request.POST)

    def write() -> None:
        typed = form.cleaned_data
        transfer(
            by=request.user,
            ticket=ticket,
            service=typed["service"],
            region=typed["region"],
            reason=typed["raison"],
        )

    return "La demande est transmise." if _sent(shown, "transfer", form, write) else ""


def merge_from(request: HttpRequest, ticket: Ticket, shown: Forms) -> Done:
    form = MergeForm(request.POST)

    def write() -> None:
        merge(by=request.user, ticket=ticket, into=form.cleaned_data["numero"])

    return "Les deux demandes n’en font plus qu’une." if _sent(shown, "merge", form, write) else ""


def close_from(request: HttpRequest, ticket: Ticket, shown: Forms) -> Done:
    form = CloseForm(request.POST)

    def write() -> None:
        close(by=request.user, ticket=ticket, reason=form.cleaned_data["raison"])

    return "La demande est close." if _sent(shown, "close", form, write) else ""


ACTS: dict[str, Act] = {
    "repondre": answer_from,
    "noter": note_from,
    "prendre": take_from,
    "rendre": give_back_from,
    "priorite": priority_from,
    "transmettre": transfer_from,
    "fusionner": merge_from,
    "clore": close_from,
}
