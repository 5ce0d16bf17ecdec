"""The head of the chain outside the database: what its owner cannot take back.

One line of JSON a seal, at the end of a file and in the technical logs. Kept elsewhere (a log
collector, a disk that only appends), it shows that the end of the journal was cut.
"""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice, takewhile
from pathlib import Path

from django.conf import settings

from journal.models import Seal
from journal.sealing.canonical import chained, moment

logger = logging.getLogger(__name__)
MARK = "journal.sealed "
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at some moment."""

    number: int
    last_id: int
    at: str
    digest: str


def head_of(seal: Seal) -> Head:
    return Head(seal.number, seal.last_id, moment(seal.at), chained(seal))


def publish(seal: Seal) -> None:
    """Tell it to the logs, and to the file; one that cannot be written stops nothing."""
    line = json.dumps(asdict(head_of(seal)))
    logger.info("%s%s", MARK, line)
    try:
        _append(settings.JOURNAL_HEADS_FILE, line)
    except OSError:
        logger.exception("journal-seals.jsonl cannot be written")


def read(path: Path, size: int) -> Iterator[list[Head]]:
    """The heads in the first bytes of a file, or of the logs of the worker, some at a time."""
    with path.open("rb") as file:
        lines = takewhile(lambda line: file.tell() <= size, iter(file.readline, b""))
        found = (head for line in lines if (head := _head(line)))
        while chunk := list(islice(found, CHUNK)):
            yield chunk


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def _head(line: bytes) -> Head | None:
    """Also from a line of the logs, whose message holds it; another line is none, nor a cut one."""
    try:
        told = json.loads(line)
        if "message" in told:
            told = json.loads(str(told["message"]).removeprefix(MARK))
        return Head(**told)
    except (ValueError, TypeError):
        return None
