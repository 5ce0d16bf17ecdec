"""Questions are written, ordered and taken off by the national cell and support; never deleted."""

from dataclasses import dataclass, fields
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from common.french import spaced
from establishments.perimeter import Action
from journal.services import record
from support.models import Question, QuestionOpinion, Theme
from support.services.question_errors import ChangedMeanwhileError, HelpError

NOT_ALLOWED = "Seules l’assistance et la cellule nationale écrivent les questions."
CHANGED = "Cette question vient d’être changée par une autre personne\u00a0: relisez, puis décidez."
TWICE = "Cette question existe déjà\u00a0: complétez plutôt sa réponse."
RESERVED = ("themes", "gestion")  # addresses of other pages
LONGEST_SLUG = 72


@dataclass(frozen=True, slots=True)
class Typed:
    """What is typed of a question."""

    theme: Theme
    question: str
    answer: str
    keywords: str = ""
    roles: tuple[str, ...] = ()

    def clean(self) -> "Typed":
        """The same with the spaces that do not break, and nothing around."""
        question, answer = spaced(self.question.strip()), spaced(self.answer.strip())
        return Typed(self.theme, question, answer, self.keywords.strip(), self.roles)


def state_of(question: Question) -> str:
    """What a form carries, to know whether somebody wrote since."""
    return f"{question.updated_at:%Y-%m-%dT%H:%M:%S.%f}"


@transaction.atomic
def ask_question(*, by: User, typed: Typed) -> Question:
    """Add a question at the end of its theme, published at once; journaled."""
    _require_writer(by)
    written = typed.clean()
    _require_new(written.question)
    last = Question.objects.filter(theme=written.theme).aggregate(last=Max("rank"))["last"]
    question = Question(slug=_free_slug(written.question), rank=(last or 0) + 1)
    try:
        with transaction.atomic():
            _fill(question, written, by)
    except IntegrityError:  # the other one of two clicks took the address
        raise HelpError(TWICE) from None
    record("support.question_added", by=by, target=question, theme=written.theme.label)
    return question


@transaction.atomic
def change_question(
    *, by: User, question: Question, typed: Typed, seen: str | None = None
) -> Question:
    """Write another question, answer, theme or roles; the address stays. Journaled."""
    _require_writer(by)
    locked, written = _locked(question, seen), typed.clean()
    before = {one.name: _told(getattr(locked, one.name)) for one in fields(Typed)}
    if all(_told(getattr(written, name)) == old for name, old in before.items()):
        raise HelpError("Rien ne change\u00a0: c’est déjà ce qui est écrit.")
    _require_new(written.question, but=locked.pk)
    _fill(locked, written, by)
    changed = {name: old for name, old in before.items() if _told(getattr(written, name)) != old}
    record("support.question_changed", by=by, target=locked, before=changed)
    return locked


@transaction.atomic
def show_question(*, by: User, question: Question, is_published: bool) -> Question:
    """Publish a question, or take it off: its address then answers that it is no longer there."""
    _require_writer(by)
    locked = _locked(question, None)
    if locked.is_published == is_published:
        raise HelpError(
            "Cette question est déjà publiée."
            if is_published
            else "Cette question est déjà retirée."
        )
    locked.is_published, locked.updated_by = is_published, by
    locked.save(update_fields=["is_published", "updated_by", "updated_at"])
    verb = "support.question_published" if is_published else "support.question_withdrawn"
    record(verb, by=by, target=locked)
    return locked


@transaction.atomic
def move_question(*, by: User, question: Question, up: bool) -> None:
    """Put a question one place nearer to the top of its theme, or to its end; journaled."""
    _require_writer(by)
    theme = Question.objects.filter(theme=question.theme).select_for_update()
    rows = list(theme.order_by("rank", "pk"))
    place = rows.index(question)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        raise HelpError("Cette question est déjà au bout de son thème.")
    rows[place], rows[other] = rows[other], rows[place]
    for rank, row in enumerate(rows, start=1):
        row.rank = rank
    Question.objects.bulk_update(rows, ["rank"])
    record("support.question_moved", by=by, target=question, rank=other + 1)


@transaction.atomic
def give_opinion(*, question: Question, is_useful: bool) -> None:
    """Count one more who found the answer useful, or not; nobody is known, nothing is journaled."""
    row, _ = QuestionOpinion.objects.get_or_create(question=question, day=timezone.localdate())
    name = "useful" if is_useful else "useless"
    QuestionOpinion.objects.filter(pk=row.pk).update(**{name: F(name) + 1})


def _fill(question: Question, written: Typed, by: User) -> None:
    for one in fields(Typed):
        setattr(question, one.name, getattr(written, one.name))
    question.roles, question.updated_by = list(written.roles), by
    question.save()


def _told(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else str(value)


def _require_writer(by: User) -> None:
    if not by.may(Action.HELP_WRITE):
        raise HelpError(NOT_ALLOWED)


def _require_new(question: str, but: int | None = None) -> None:
    if Question.objects.filter(question__iexact=question).exclude(pk=but).exists():
        raise HelpError(TWICE)


def _locked(question: Question, seen: str | None) -> Question:
    locked: Question = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    if seen is not None and state_of(locked) != seen:
        raise ChangedMeanwhileError(CHANGED)
    return locked


def _free_slug(question: str) -> str:
    """The address of a new question: its words, and a number when they are taken."""
    base = slugify(question)[:LONGEST_SLUG].strip("-") or "question"
    taken = {*Question.objects.values_list("slug", flat=True), *RESERVED}
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(one for one in numbered if one not in taken)
