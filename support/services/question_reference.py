"""The questions that come with the product: those of the sources, answered for this platform.

Only those that are missing are added: what is edited or taken off since stays so.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from common.french import spaced
from support.models import Question, Theme

DATA = Path(__file__).resolve().parent.parent / "data" / "questions"


@transaction.atomic
def load_questions() -> int:
    """Add the missing questions, each at its place of the file; how many they are."""
    known = set(Question.objects.values_list("slug", flat=True))
    rows = [row for row in written_questions() if row.slug not in known]
    return len(Question.objects.bulk_create(rows))


def written_questions() -> Iterator[Question]:
    """Those of the files, one file for each theme, in their order."""
    for theme in Theme:
        content = tomllib.loads((DATA / f"{theme}.toml").read_text(encoding="utf-8"))
        for rank, line in enumerate(content["question"], start=1):
            yield _question_of(theme, rank, line)


def _question_of(theme: Theme, rank: int, line: dict[str, Any]) -> Question:
    return Question(
        slug=line["slug"],
        theme=theme,
        question=spaced(line["question"]),
        answer=spaced(line["answer"].strip()),
        keywords=line.get("keywords", ""),
        roles=line.get("roles", []),
        live=line.get("live", ""),
        source=line.get("source", ""),
        rank=rank,
    )
