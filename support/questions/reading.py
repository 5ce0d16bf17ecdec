"""The questions as pages show them: by theme, with those of one's role first."""

from dataclasses import dataclass

from django.db.models import Count

from support.models import Question, Theme
from support.questions.finding import near_enough, nearest

RELATED, RELATED_FLOOR = 4, 0.45


@dataclass(frozen=True, slots=True)
class ThemeSummary:
    """A theme of the page and how many questions it has."""

    theme: Theme
    count: int


def themes_with_counts() -> list[ThemeSummary]:
    """The themes in their order; one without any question is left out."""
    rows = Question.objects.published().order_by().values_list("theme")
    counts = dict(rows.annotate(count=Count("pk")))
    return [ThemeSummary(theme, counts[theme]) for theme in Theme if theme in counts]


def related(question: Question) -> list[Question]:
    """The nearest others: what one asks next."""
    near = nearest(f"{question.question} {question.keywords}").exclude(pk=question.pk)
    return near_enough(list(near[:RELATED]), RELATED_FLOOR)


def by_theme() -> list[tuple[Theme, list[Question]]]:
    """Every published question under its theme."""
    rows = Question.objects.published().defer("answer", "words")
    kept: dict[str, list[Question]] = {}
    for row in rows:
        kept.setdefault(row.theme, []).append(row)
    return [(theme, kept[theme]) for theme in Theme if theme in kept]
