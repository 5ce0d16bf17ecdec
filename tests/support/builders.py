"""Rows of help, made as few words as possible."""

from itertools import count

from support.models import Question, Theme

NUMBERS = count(1)


def make_question(question="Comment faire ?", answer="Ainsi.", **fields):
    number = next(NUMBERS)
    defaults = {"slug": f"question-{number}", "theme": Theme.CONNECTION, "rank": number}
    return Question.objects.create(question=question, answer=answer, **defaults | fields)
