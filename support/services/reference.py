"""The subjects and the first answers: created once, never written over what people changed."""

import csv
from pathlib import Path

from support.models import CannedAnswer, Subject

DATA = Path(__file__).resolve().parents[1] / "contact" / "data"


def load_contact_reference() -> None:
    known = set(Subject.objects.values_list("slug", flat=True))
    Subject.objects.bulk_create(
        Subject(
            slug=row["slug"],
            label=row["label"],
            help_text=row["help_text"],
            service=row["service"],
            asks=row["asks"].split(),
            priority=int(row["priority"]),
            delay_days=int(row["delay_days"]),
            is_for_visitors=row["visitors"] == "oui",
            rank=rank * 10,
        )
        for rank, row in enumerate(_rows("subjects"), start=1)
        if row["slug"] not in known
    )
    if CannedAnswer.objects.exists():
        return
    subjects = {one.slug: one for one in Subject.objects.all()}
    CannedAnswer.objects.bulk_create(
        CannedAnswer(
            title=row["title"],
            subject=subjects.get(row["subject"]),
            text=row["text"].replace("\\n", "\n"),
        )
        for row in _rows("canned_answers")
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
