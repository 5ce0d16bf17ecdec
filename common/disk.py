"""What is written is whole on the disk, or not there."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_file(final: Path) -> Iterator[Path]:
    """Write a file under another name; it takes the place of the former at once."""
    final.parent.mkdir(parents=True, exist_ok=True)
    aside = final.parent / f".{final.name}-{uuid.uuid4().hex}"
    try:
        yield aside
        settle(aside)
        aside.replace(final)
        settle(final.parent)
    finally:
        aside.unlink(missing_ok=True)


def settle(path: Path) -> None:
    """A file or the names in a folder: on the disk, not in its waiting line."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
