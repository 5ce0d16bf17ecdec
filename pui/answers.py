"""The questions of a preview as its form asks them, and what a person answered on it.

Nothing is chosen for the person: a question without an answer has no button pressed. What was
answered stays when the form comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.numbers import row_number
from medications.models import Product
from pui.services.transmitting import Choice
from pui.transfer.preview import Preview, ShownLine
from pui.transfer.shapes import Answer, Kind, Proposal

EXACT, SKIP, OTHER, BACK = "exact", "sauter", "autre", "reprendre"
PRODUCT = "produit-"
MOST_ASKED = 50  # questions of each kind at a time: each of a code lists every product that is free


@dataclass(frozen=True, slots=True)
class Question:
    """One line to decide: ``picked`` is the answer given, blank when there is none yet."""

    shown: ShownLine
    picked: str = ""
    other: str = ""  # the product chosen in the list
    error: str = ""

    @property
    def name(self) -> str:
        return self.shown.name

    @property
    def proposals(self) -> list[tuple[str, Proposal]]:
        """Each with the value of its button."""
        return [(f"{PRODUCT}{one.product_id}", one) for one in self.shown.line.proposals]

    @property
    def kept(self) -> Product | None:
        """The product chosen in the list before: it is no longer among those that are free."""
        return self.shown.product if self.other and self.shown.is_reassigned else None

    @property
    def is_missing(self) -> bool:
        return not self.picked and self.shown.line.waits


@dataclass(frozen=True, slots=True)
class Answered:
    """What a form says of a preview: the answers to keep, and why some cannot be."""

    choices: Mapping[int, Choice]
    unknown: Sequence[Question]
    changes: Sequence[Question]

    @property
    def asked_unknown(self) -> Sequence[Question]:
        return asked(self.unknown)

    @property
    def asked_changes(self) -> Sequence[Question]:
        return asked(self.changes)

    @property
    def missing(self) -> list[Question]:
        """Of those shown, those without an answer, or with one that cannot be kept."""
        shown = (*self.asked_unknown, *self.asked_changes)
        return [one for one in shown if one.error or one.is_missing]

    @property
    def errors(self) -> list[Question]:
        return [one for one in (*self.unknown, *self.changes) if one.error]


def asked(questions: Sequence[Question]) -> Sequence[Question]:
    """All of them, or the first ones that wait: the others come once these are answered."""
    if len(questions) <= MOST_ASKED:
        return questions
    return [one for one in questions if one.error or one.is_missing][:MOST_ASKED]


def questions_of(preview: Preview, posted: Mapping[str, str] | None = None) -> Answered:
    """The questions with the answers kept; ``posted`` tells those that were just given."""
    unknown = [question(shown, posted) for shown in preview.unknown]
    changes = [question(shown, posted) for shown in preview.changes]
    choices = {
        one.shown.line.number: found
        for one in (*unknown, *changes)
        if (found := choice_of(one)) is not None
    }
    return Answered(choices, unknown, changes)


def question(shown: ShownLine, posted: Mapping[str, str] | None) -> Question:
    kept = Question(shown, *kept_answer(shown))
    if posted is None or shown.name not in posted:
        return kept
    picked, other = posted[shown.name], posted.get(f"{shown.name}-autre", "")
    if picked not in allowed(shown):
        return kept
    if picked == OTHER and not row_number(other):
        return Question(shown, picked, "", "Choisissez le produit dans la liste.")
    return Question(shown, picked, other if picked == OTHER else "")


def allowed(shown: ShownLine) -> set[str]:
    if shown.line.kind is Kind.CHANGE:
        return {"", EXACT, SKIP, *([BACK] if shown.is_reassigned else [])}
    return {"", OTHER, SKIP, *(f"{PRODUCT}{one.product_id}" for one in shown.line.proposals)}


def kept_answer(shown: ShownLine) -> tuple[str, str]:
    """What was answered before, as the form says it: the button, and the product of the list."""
    line = shown.line
    match line.answer:
        case Answer.EXACT:
            return EXACT, ""
        case Answer.SKIP:
            return SKIP, ""
        case Answer.CHOSEN if line.chosen_id in {one.product_id for one in line.proposals}:
            return f"{PRODUCT}{line.chosen_id}", ""
        case Answer.CHOSEN:
            return OTHER, str(line.chosen_id)
    return "", ""


def choice_of(one: Question) -> Choice | None:
    """What is told to the service; nothing when it knows it already."""
    if one.error or (one.picked, one.other) == kept_answer(one.shown):
        return None
    if one.picked.startswith(PRODUCT):
        return Choice(Answer.CHOSEN, int(one.picked.removeprefix(PRODUCT)))
    if one.picked == OTHER:
        return Choice(Answer.CHOSEN, row_number(one.other))
    return Choice({EXACT: Answer.EXACT, SKIP: Answer.SKIP}.get(one.picked))
