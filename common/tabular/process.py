"""Read a workbook in a child process: whatever the file does, no worker dies with it."""

import dataclasses
import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from common.tabular.errors import TabularError
from common.tabular.table import ColumnSpec, Limits, Row, Table

PROJECT = Path(__file__).resolve().parents[2]
logger = logging.getLogger(__name__)

COMMAND = [sys.executable, "-W", "ignore", "-m", "common.tabular.child"]


def read_workbook(
    data: bytes, columns: Sequence[ColumnSpec], limits: Limits, *, is_whole: bool = False
) -> Table:
    """Return what the child read; its refusals, its end and its silence are all sentences."""
    answer = _ask_child(data, columns, limits, is_whole=is_whole)
    if "table" in answer:
        return _as_table(answer["table"])
    if "refused" in answer:
        raise TabularError(answer["refused"])
    if "damaged" in answer:
        logger.warning("a workbook could not be read: %s", answer["damaged"])
        raise TabularError(
            "Ce classeur est abîmé : ouvrez-le dans votre tableur, enregistrez-le à nouveau au "
            f"format .xlsx, puis renvoyez-le. {limits.accepted}"
        )
    raise TabularError(
        "Ce classeur est trop lourd à lire : copiez les seules valeurs du tableau dans un "
        f"classeur neuf, puis renvoyez-le. {limits.accepted}"
    )


def _ask_child(
    data: bytes, columns: Sequence[ColumnSpec], limits: Limits, *, is_whole: bool
) -> dict[str, Any]:
    """The answer goes through a file: its size is limited by the system, and JSON runs no code."""
    request = {
        "limits": dataclasses.asdict(limits),
        "columns": [dataclasses.asdict(column) for column in columns],
        "is_whole": is_whole,
    }
    with tempfile.TemporaryFile() as output:
        try:
            subprocess.run(  # noqa: S603 - a fixed command, nothing of the file in it
                COMMAND,
                input=json.dumps(request).encode() + b"\n" + data,
                stdout=output,
                stderr=subprocess.DEVNULL,
                cwd=PROJECT,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                timeout=limits.wall_seconds,
                check=True,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as end:
            logger.warning("a workbook was given up: %s", end)
            return {}
        output.seek(0)
        answer: dict[str, Any] = json.load(output)
        return answer


def _as_table(found: dict[str, Any]) -> Table:
    rows = [Row(row["line_number"], row["values"]) for row in found.pop("rows")]
    lists = ("columns", "unknown_columns", "skipped_lines", "headers")
    return Table(rows, **found | {name: tuple(found[name]) for name in lists})
