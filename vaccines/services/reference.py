"""The groups of people that a flu campaign starts with; loaded again, it changes nothing.

What the national cell renamed, added or stopped proposing stays as it is.
"""

import csv
from pathlib import Path

from django.db import transaction

from vaccines.models import TargetGroup

DATA = Path(__file__).resolve().parent.parent / "data"


@transaction.atomic
def load_target_groups() -> int:
    """Add the groups that are missing; say how many were."""
    with (DATA / "target_groups.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    known = set(TargetGroup.objects.values_list("label", flat=True))
    missing = [
        TargetGroup(label=line["label"], rank=int(line["rank"]))
        for line in lines
        if line["label"] not in known
    ]
    return len(TargetGroup.objects.bulk_create(missing))
