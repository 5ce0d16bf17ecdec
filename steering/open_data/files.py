"""The files of the datasets, made once for all visitors, and what their pages say of them.

Beside those of the pharmacies (``pui.open_data.files``), in a folder of their own. A manifest is
written last, when the files that it tells of are there.
"""

import csv
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from common.disk import new_file
from common.weeks import PARIS
from pui.feeds.files import forget_unfinished, header_text, table_text, write_lines
from pui.feeds.schema import Dictionary
from pui.open_data import files as pharmacies
from pui.open_data.columns import OPEN_STOCKS
from steering.models import Release
from steering.open_data.dataset import Dataset
from steering.open_data.sets import DATASETS

PREVIEW: Final = 12
LOOKED_AT: Final = 3_000  # lines, for those of the country
COUNTRY: Final = "pays"
SCALE: Final = "echelle"


def folder() -> Path:
    return pharmacies.root() / "jeux"


def manifest_of(slug: str) -> dict[str, Any]:
    """What is published of a dataset; nothing yet: empty."""
    if slug == OPEN_STOCKS.name:
        return pharmacies.read_manifest()
    if slug not in DATASETS:
        return {}
    try:
        text = (folder() / f"{slug}.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found: dict[str, Any] = json.loads(text)
    return found


def dictionary_of(slug: str) -> Dictionary | None:
    if slug == OPEN_STOCKS.name:
        return OPEN_STOCKS
    return DATASETS[slug].dictionary if slug in DATASETS else None


def path_of(name: str) -> Path | None:
    """The file of that name, when it is one of those published."""
    for slug in (OPEN_STOCKS.name, *DATASETS):
        if name == slug or name.startswith(f"{slug}-"):
            names = {one["name"] for one in manifest_of(slug).get("files", [])}
            root = pharmacies.root() if slug == OPEN_STOCKS.name else folder()
            path = root / f"{name}.csv.gz"
            if name in names and path.exists():
                return path
    return None


def read_rows(path: Path) -> Iterator[list[str]]:
    """The lines of a file, its header first."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
        yield from csv.reader(text, delimiter=";")


def preview_of(slug: str) -> tuple[list[str], list[list[str]]]:
    """The header and a few lines of the last file, of the whole country where there are any."""
    path = path_of(slug)
    if path is None:
        return [], []
    rows = read_rows(path)
    header = next(rows, [])
    seen = list(islice(rows, LOOKED_AT))
    if SCALE in header:
        at = header.index(SCALE)
        whole = [row for row in seen if row[at] == COUNTRY]
        seen = whole or seen
    return header, seen[:PREVIEW]


def is_up_to_date(one: Dataset) -> bool:
    """Whether the files tell of every release: a worker may have died before writing them."""
    return bool(manifest_of(one.slug).get("periods", []) == _periods(one.slug))


def write_files(one: Dataset, now: datetime) -> None:
    """The years, the last period, then the manifest."""
    forget_unfinished(folder())
    periods = _periods(one.slug)
    years = [] if one.is_reference else sorted({day[:4] for day in periods}, reverse=True)
    files = [_write(one, one.slug, "Dernière période publiée", periods[-1:])]
    for year in years:
        mine = [day for day in periods if day.startswith(year)]
        files.append(_write(one, f"{one.slug}-{year}", f"Année {year}", mine))
    manifest = {
        "made_at": now.astimezone(PARIS).isoformat(timespec="seconds"),
        "periods": periods,
        "files": files,
    }
    with new_file(folder() / f"{one.slug}.json") as aside:
        aside.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def _periods(slug: str) -> list[str]:
    rows = Release.objects.filter(dataset=slug).order_by("period")
    return [f"{day:%Y-%m-%d}" for day in rows.values_list("period", flat=True)]


def _write(one: Dataset, name: str, title: str, periods: Sequence[str]) -> dict[str, Any]:
    header = header_text(one.dictionary.names)
    with new_file(folder() / f"{name}.csv.gz") as aside:
        lines = write_lines(aside, chain([header], _lines(one, periods))) - 1
        size = aside.stat().st_size
    first, last = (periods[0], periods[-1]) if periods else ("", "")
    return {
        "name": name,
        "title": title,
        "lines": lines,
        "size": size,
        "first": first,
        "last": last,
    }


def _lines(one: Dataset, periods: Sequence[str]) -> Iterator[str]:
    kinds = [field.type for field in one.dictionary.fields]
    for release in Release.objects.filter(dataset=one.slug, period__in=periods).order_by("period"):
        for row in release.rows:
            typed = [
                Decimal(value) if kind == "number" and value is not None else value
                for kind, value in zip(kinds, row, strict=True)
            ]
            yield table_text([typed])


def typed_rows(rows: Sequence[Sequence[str]], dictionary: Dictionary) -> list[dict[str, Any]]:
    """Lines of a file as JSON tells them: numbers, true and false, null for what is empty."""
    kinds = [(one.name, one.type) for one in dictionary.fields]
    return [
        {name: _typed(text, kind) for (name, kind), text in zip(kinds, row, strict=True)}
        for row in rows
    ]


def _typed(text: str, kind: str) -> Any:
    if not text:
        return None
    if kind == "boolean":
        return text == "oui"
    if kind == "integer":
        return int(text)
    return float(text.replace(",", ".")) if kind == "number" else text


def csv_text_of(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A small file, made at once: the figures of the usage page."""
    text = io.StringIO()
    text.write(header_text(header))
    text.write(table_text(rows))
    return text.getvalue()
