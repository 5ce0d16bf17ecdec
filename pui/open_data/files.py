"""The files of the open data and what the page says of them, made once for all visitors.

A visitor reads a file that is ready: no query, no computation. ``manifest.json`` holds what the
page shows; it is written last, when the files that it tells of are there.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from common.cover import days_of_cover
from common.disk import new_file
from common.weeks import PARIS
from establishments.models import Region
from pui.feeds.files import forget_unfinished, header_text, table_text, write_lines
from pui.models import OpenStock, Publication
from pui.open_data.columns import COUNTRY, OPEN_STOCKS, SCALES, WITHOUT_REGION

LAST: Final = "stocks-pui"
MANIFEST: Final = "manifest.json"
PREVIEW: Final = 15
CHUNK: Final = 5_000
LICENCE: Final = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte 2.0",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
NAMES: Final = {COUNTRY: "France entière", WITHOUT_REGION: "Territoires sans ARS"}


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "donnees-ouvertes"


def path_of(name: str) -> Path:
    return root() / f"{name}.csv.gz"


def read_manifest() -> dict[str, Any]:
    """What is published; nothing yet: empty."""
    try:
        found: dict[str, Any] = json.loads((root() / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def schema() -> dict[str, Any]:
    return OPEN_STOCKS.as_json(licenses=[LICENCE])


def is_up_to_date() -> bool:
    """Whether the files tell of every publication: a worker may have died before writing them."""
    return bool(read_manifest().get("publications", []) == _published())


def write_files(now: datetime) -> None:
    """The years that gained a due day, the last due day of each list, then the manifest."""
    forget_unfinished(root())
    known = read_manifest()
    former = {tuple(one) for one in known.get("publications", [])}
    published = _published()
    changed = {date.fromisoformat(day).year for slug, day in published if (slug, day) not in former}
    years = sorted({date.fromisoformat(day).year for _, day in published}, reverse=True)
    kept = {one["name"]: one for one in known.get("files", [])}
    files = [_write_last()]
    for year in years:
        name = f"{LAST}-{year}"
        is_kept = year not in changed and name in kept and path_of(name).exists()
        files.append(kept[name] if is_kept else _write_year(year))
    manifest = {
        "made_at": now.astimezone(PARIS).isoformat(timespec="seconds"),
        "publications": published,
        "files": files,
        "preview": _preview(),
    }
    with new_file(root() / MANIFEST) as aside:
        aside.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def _published() -> list[list[str]]:
    rows = Publication.objects.order_by("due_on", "monitored_list")
    return [[slug, f"{day:%Y-%m-%d}"] for slug, day in rows.values_list("monitored_list", "due_on")]


def _write_year(year: int) -> dict[str, Any]:
    publications = Publication.objects.filter(due_on__year=year)
    return _write(f"{LAST}-{year}", f"Année {year}", publications.order_by("due_on", "pk"))


def _write_last() -> dict[str, Any]:
    """The last due day of each list."""
    latest = Publication.objects.order_by("monitored_list_id", "-due_on").distinct(
        "monitored_list_id"
    )
    return _write(LAST, "Dernière échéance publiée de chaque liste", latest)


def _write(name: str, title: str, publications: Iterable[Publication]) -> dict[str, Any]:
    found = list(publications)
    with new_file(path_of(name)) as aside:
        lines = write_lines(aside, chain([header_text(OPEN_STOCKS.names)], lines_of(found))) - 1
        size = aside.stat().st_size
    days = sorted(f"{one.due_on:%Y-%m-%d}" for one in found)
    return {
        "name": name,
        "title": title,
        "lines": lines,
        "size": size,
        "first": days[0] if days else "",
        "last": days[-1] if days else "",
    }


def lines_of(publications: Sequence[Publication]) -> Iterator[str]:
    names = region_names()
    for publication in publications:
        rows = publication.rows.order_by("product", "region_code")
        for row in rows.iterator(CHUNK):
            yield table_text([values_of(row, publication, names)])


def region_names() -> dict[str, str]:
    return dict(Region.objects.values_list("code", "name")) | NAMES


def values_of(row: OpenStock, publication: Publication, names: dict[str, str]) -> tuple[Any, ...]:
    """The columns of ``OPEN_STOCKS``."""
    return (
        publication.monitored_list_id,
        publication.due_on,
        SCALES[0] if row.region_code == COUNTRY else SCALES[1],
        row.region_code,
        names.get(row.region_code, row.region_code),
        row.product,
        row.substance,
        row.unit,
        row.is_masked,
        row.puis,
        row.stock,
        row.daily,
        days_of_cover(row.stock, row.daily),
        publication.published_at.astimezone(PARIS).date(),
    )


def _preview() -> dict[str, Any]:
    """The first lines of the country, for the page: the first list's last due day."""
    last = Publication.objects.order_by("monitored_list__rank", "-due_on").first()
    if last is None:
        return {}
    rows = last.rows.filter(region_code=COUNTRY).order_by("product")
    return {
        "list": str(last.monitored_list),
        "due_on": f"{last.due_on:%Y-%m-%d}",
        "count": rows.count(),
        "rows": [
            {
                "product": row.product,
                "puis": row.puis,
                "stock": _number(row.stock),
                "daily": _number(row.daily),
                "days": _number(days_of_cover(row.stock, row.daily)),
            }
            for row in rows[:PREVIEW]
        ],
    }


def _number(value: Decimal | None) -> str | None:
    """JSON has no decimals: the page takes its text back."""
    return None if value is None else str(value)
