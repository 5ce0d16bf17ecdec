"""The folder where each warehouse finds its files: whole or not there.

The rows are the truth: what a worker that was killed, or a full disk, kept out of the folder is put
there at the next round.
"""

import time
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from common.disk import new_file
from establishments.models import AdministrativeBody
from orders.logistics.order_files import code_of
from orders.models import OrderFile

UNFINISHED_FOR: Final = 3600  # seconds: nobody is writing it any more


def drop_files() -> int:
    """Put in the folder of each operator the files that are not there; say how many.

    A folder that cannot be written holds back no other; its error is raised at the end, so that
    the task fails and is seen. One file at a time: each may be several megabytes.
    """
    dropped, errors = 0, []
    waiting = OrderFile.objects.filter(dropped_at=None).order_by("operator", "sequence")
    by_operator: dict[int, list[int]] = {}
    for pk, operator in waiting.values_list("pk", "operator"):
        by_operator.setdefault(operator, []).append(pk)
    for keys in by_operator.values():
        try:
            dropped += sum(_dropped(pk) for pk in keys)
        except OSError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return dropped


def folder_of(operator: AdministrativeBody) -> Path:
    return Path(settings.LOGISTICS_DIR) / code_of(operator) / "commandes"


def _dropped(pk: int) -> int:
    """A name appears when the file is whole; its digest after it."""
    file = OrderFile.objects.select_related("operator").get(pk=pk)
    folder = folder_of(file.operator)
    _forget_unfinished(folder)
    for extension, text, digest in (
        ("csv", file.csv_text, file.csv_digest),
        ("json", file.json_text, file.json_digest),
    ):
        name = f"{file}.{extension}"
        _drop(folder / name, text)
        _drop(folder / f"{name}.sha256", f"{digest}  {name}\n")
    return OrderFile.objects.filter(pk=pk, dropped_at=None).update(dropped_at=timezone.now())


def _drop(path: Path, text: str) -> None:
    with new_file(path) as aside:
        aside.write_bytes(text.encode())


def _forget_unfinished(folder: Path) -> None:
    """What a worker that was killed left aside."""
    for path in folder.glob(".commandes-*"):
        if path.stat().st_mtime < time.time() - UNFINISHED_FOR:
            path.unlink(missing_ok=True)
