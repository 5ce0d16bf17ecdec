"""Where the files of the daily snapshot are, and how the parts that one may read become one."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet, Sum

from pui.feeds.columns import SNAPSHOT
from pui.feeds.files import Pieces, header_text
from pui.models import SnapshotPart

WITHOUT_REGION = "sans-region"
SCHEMA = "schema.json"


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "releves"


def folder_of(day: date) -> Path:
    return root() / f"{day:%Y-%m-%d}"


def filename_of(region_code: str) -> str:
    return f"{region_code or WITHOUT_REGION}.csv.gz"


def schema() -> dict[str, Any]:
    return SNAPSHOT.as_json()


def text_of(parts: Sequence[SnapshotPart]) -> Pieces:
    """The file of these parts of one day. Raise ``FileNotFoundError`` when one was lost."""
    paths = [folder_of(one.day) / filename_of(one.region_code) for one in parts]
    return Pieces(paths, header_text(SNAPSHOT.names))


def days_in_reach(parts: "QuerySet[SnapshotPart]") -> list[dict[str, Any]]:
    """By day, the latest first: how many lines, how many bytes compressed, since when."""
    totals = (
        parts.order_by()
        .values("day")
        .annotate(lines=Sum("lines"), size=Sum("size"), made_at=Max("made_at"))
    )
    return [dict(one) for one in totals.order_by("-day")]
