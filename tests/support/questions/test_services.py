"""Writing a question: who may, what is refused, what is journaled, what stays."""

import pytest

from journal.models import Entry
from support.models import Question, QuestionOpinion, Theme
from support.questions.history import history_of
from support.services.question_errors import ChangedMeanwhileError, HelpError
from support.services.questions import (
    TWICE,
    Typed,
    ask_question,
    change_question,
    give_opinion,
    move_question,
    show_question,
    state_of,
)
from tests.builders import make_person
from tests.locks import before_another
from tests.support.builders import make_question

pytestmark = pytest.mark.django_db
NEW = Typed(Theme.VACCINES, "Qui livre : la PUI ?", "Oui.", "livraison", ("GF",))


@pytest.fixture
def writer():
    return make_person("SUP")


def test_a_question_goes_to_the_end_of_its_theme_at_an_address_of_its_own(writer):
    make_question("Une autre", theme=Theme.VACCINES, rank=4)
    make_question("Déjà là", slug="qui-livre-la-pui")
    question = ask_question(by=writer, typed=NEW)
    assert (question.slug, question.rank, question.roles) == ("qui-livre-la-pui-2", 5, ["GF"])
    assert question.question == "Qui livre\u00a0: la PUI\u00a0?"
    assert Entry.objects.get().verb == "support.question_added"


@pytest.mark.parametrize("question", ["Gestion", "Thèmes\u00a0?"])
def test_a_question_never_takes_the_address_of_another_page(writer, question):
    asked = ask_question(by=writer, typed=Typed(Theme.VACCINES, question, "Oui."))
    assert asked.slug.endswith("-2")


@pytest.mark.parametrize("code", ["GF", "APE", "ARA", "NAL", "AUD", "USR"])
def test_nobody_else_writes(code):
    by, question = make_person(code), make_question()
    for act in (
        lambda: ask_question(by=by, typed=NEW),
        lambda: change_question(by=by, question=question, typed=NEW),
        lambda: move_question(by=by, question=question, up=True),
        lambda: show_question(by=by, question=question, is_published=False),
    ):
        with pytest.raises(HelpError, match="Seules l’assistance"):
            act()
    assert not Entry.objects.exists()


def test_the_same_question_is_not_asked_twice(writer):
    ask_question(by=writer, typed=NEW)
    with pytest.raises(HelpError, match="existe déjà"):
        ask_question(by=writer, typed=NEW)


def test_one_corrects_the_capitals_of_a_question(writer):
    question = make_question("qui livre la faq ?")
    typed = Typed(Theme.VACCINES, "Qui livre la FAQ ?", "Oui.")
    assert (
        change_question(by=writer, question=question, typed=typed).question
        == "Qui livre la FAQ\u00a0?"
    )


def test_a_change_does_not_take_the_words_of_another_question(writer):
    make_question("Qui livre\u00a0?")
    with pytest.raises(HelpError, match="existe déjà"):
        change_question(
            by=writer, question=make_question(), typed=Typed(Theme.VACCINES, "qui livre ?", "Oui.")
        )


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_add_one_question(writer):
    with before_another(lambda: ask_question(by=writer, typed=NEW), refused=HelpError) as refused:
        ask_question(by=writer, typed=NEW)
    assert [str(one) for one in refused] == [TWICE]
    assert Question.objects.count() == 1


def test_a_change_keeps_the_address_and_the_history_tells_what_was_written(writer):
    question = make_question("Avant ?", "Ancienne réponse.")
    change_question(by=writer, question=question, typed=NEW, seen=state_of(question))
    question.refresh_from_db()
    assert question.slug.startswith("question-")
    latest, first = history_of(question)
    assert {one.label: one.before for one in latest.differences}["réponse"] == "Ancienne réponse."
    assert (latest.who, first.who) == (str(writer), "Livrée avec la plateforme")
    assert Entry.objects.get().details["before"]["answer"] == "Ancienne réponse."


def test_two_at_once_the_second_reads_again(writer):
    question = make_question()
    seen = state_of(question)
    change_question(by=writer, question=question, typed=NEW, seen=seen)
    other = Typed(Theme.VACCINES, "Autre ?", "Non.")
    with pytest.raises(ChangedMeanwhileError):
        change_question(by=writer, question=question, typed=other, seen=seen)


def test_a_change_of_nothing_is_refused(writer):
    question = ask_question(by=writer, typed=NEW)
    with pytest.raises(HelpError, match="Rien ne change"):
        change_question(by=writer, question=question, typed=NEW)


def test_a_question_is_moved_one_place_within_its_theme(writer):
    first, second, third = (make_question(f"{one} ?", rank=1) for one in "abc")
    move_question(by=writer, question=third, up=True)
    assert list(Question.objects.all()) == [first, third, second]
    move_question(by=writer, question=first, up=False)
    assert list(Question.objects.all()) == [third, first, second]
    with pytest.raises(HelpError, match="au bout"):
        move_question(by=writer, question=third, up=True)


def test_a_question_taken_off_comes_back_and_is_never_deleted(writer):
    question = make_question()
    show_question(by=writer, question=question, is_published=False)
    assert not Question.objects.published().exists()
    with pytest.raises(HelpError, match="déjà retirée"):
        show_question(by=writer, question=question, is_published=False)
    show_question(by=writer, question=question, is_published=True)
    assert Question.objects.published().count() == 1


def test_opinions_add_up_by_day():
    question = make_question()
    for is_useful in (True, True, False):
        give_opinion(question=question, is_useful=is_useful)
    row = QuestionOpinion.objects.get()
    assert (row.useful, row.useless) == (2, 1)
    assert not Entry.objects.exists()
