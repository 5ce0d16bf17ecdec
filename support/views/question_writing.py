"""The questions for those who write them: all, with opinions; add, change, order, take off."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from common.decisions import DecisionView
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from support.models import Question, Theme
from support.questions.drafts import Draft, draft_of
from support.questions.forms import QuestionForm, written_in
from support.questions.history import history_of
from support.questions.written import WrittenFilter, themes_held, written_address
from support.services import questions as services
from support.services.question_errors import ChangedMeanwhileError, HelpError

TITLE = "Écrire les questions"
writes = method_decorator([as_shown, allows(Action.HELP_WRITE)], name="dispatch")


@allows(Action.HELP_WRITE)
@require_safe
def questions_written(request: HttpRequest) -> HttpResponse:
    """A theme, or what is sought, also what was taken off, with the opinions received."""
    form = WrittenFilter(request.GET, themes_held())
    kept: dict[str, list[Question]] = {}
    for row in form.rows():
        kept.setdefault(row.theme, []).append(row)
    themes = [(theme, kept[theme]) for theme in Theme if theme in kept]
    context = {"themes": themes, "form": form, "title": TITLE, "above": above()[:1]}
    return render(request, "support/questions/written.html", context)


@allows(Action.HELP_WRITE)
@require_safe
def question_history(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Question, pk=pk)
    context = {"question": found, "versions": history_of(found), "above": above()}
    return render(request, "support/questions/history.html", context)


ACTS = {
    "monter": lambda by, question: services.move_question(by=by, question=question, up=True),
    "descendre": lambda by, question: services.move_question(by=by, question=question, up=False),
    "publier": lambda by, question: services.show_question(
        by=by, question=question, is_published=True
    ),
    "retirer": lambda by, question: services.show_question(
        by=by, question=question, is_published=False
    ),
}
DONE = {
    "monter": "La question est montée d’un rang.",
    "descendre": "La question est descendue d’un rang.",
    "publier": "La question est publiée.",
    "retirer": "La question est retirée\u00a0: son adresse le dit à qui l’avait gardée.",
}


@as_shown
@allows(Action.HELP_WRITE)
@require_POST
def question_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Move a question in its theme, publish it or take it off."""
    found = get_object_or_404(Question, pk=pk)
    if act not in ACTS:
        raise Http404
    try:
        ACTS[act](request.user, found)
        messages.success(request, DONE[act])
    except HelpError as refusal:
        messages.error(request, str(refusal))
    return redirect(written_address(found))


def above() -> list[tuple[str, str]]:
    return [
        ("Questions et réponses", reverse("support:questions")),
        (TITLE, reverse("support:questions_written")),
    ]


class Writing(DecisionView):
    """What adding and changing share: a preview of the page before it is written."""

    template_name = "support/questions/write.html"
    form_class = QuestionForm
    refusals = (HelpError,)
    changes = (ChangedMeanwhileError,)
    question: Question | None = None

    def preview(self, form: QuestionForm) -> Draft:  # type: ignore[override]
        return draft_of(self.request.user, form.typed(), self.question)

    def above(self) -> list[tuple[str, str]]:
        return above()

    def back(self) -> str:
        return written_address(self.question)


@writes
class AddView(Writing):
    title, action = "Ajouter une question", "Publier la question"
    done = "La question est publiée."

    def take(self, form: QuestionForm, seen: str | None = None) -> Question:  # type: ignore[override]
        self.question = services.ask_question(by=self.request.user, typed=form.typed())
        return self.question

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"theme": self.request.GET.get("theme", "")}}


@writes
class ChangeView(Writing):
    title, action = "Changer une question", "Publier le changement"
    done = "Le changement est publié."

    def find(self, pk: int) -> None:  # type: ignore[override]
        self.question = get_object_or_404(Question, pk=pk)

    def take(self, form: QuestionForm, seen: str | None = None) -> Question:  # type: ignore[override]
        return services.change_question(
            by=self.request.user, question=self._found(), typed=form.typed(), seen=seen
        )

    def state(self) -> str:
        return services.state_of(self._found())

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": written_in(self._found())}

    def _found(self) -> Question:
        if self.question is None:
            raise Http404
        return self.question
