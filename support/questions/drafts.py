"""A question about to be written: the page as it will be, and what the service would refuse."""

from dataclasses import dataclass

from accounts.models import User
from common.decisions import Preview, undone
from common.markup import render
from support.models import Question
from support.questions.finding import similar
from support.services.questions import Typed, ask_question, change_question

NEAR = 3


@dataclass(frozen=True, slots=True)
class Draft(Preview):
    """The preview with the question and its answer drawn."""

    question: str = ""
    answer: str = ""


def draft_of(by: User, typed: Typed, question: Question | None) -> Draft:
    """Draw what would be published; raises what the service refuses."""
    written = typed.clean()
    if question is None:
        undone(lambda: ask_question(by=by, typed=typed), lambda: None)
    else:
        undone(lambda: change_question(by=by, question=question, typed=typed), lambda: None)
    near = similar(written.question, NEAR) if question is None else []
    return Draft(
        "Relisez avant de publier",
        [f"Thème\u00a0: {written.theme.label}."],
        [f"Une question proche existe\u00a0: «\u00a0{one.question}\u00a0»." for one in near],
        question=written.question,
        answer=render(written.answer),
    )
