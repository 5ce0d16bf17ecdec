"""Compressed tables on disk: written aside then named at once, so that none is seen half-written.

The text is that of ``common.exports``: UTF-8 with its mark, « ; », a decimal comma, no formula.
"""

import csv
import gzip
import io
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from common.disk import settle
from common.exports import csv_text, plain_value

MARK: Final = "\ufeff"
CHUNK: Final = 64 * 1024
LEVEL: Final = 5  # a tenth of the size; beyond, twice the time for a twentieth less


def table_text(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as the lines of a CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([csv_text(plain_value(value)) for value in row])
    return text.getvalue()


def header_text(names: Sequence[str]) -> str:
    """What a file begins with."""
    return MARK + table_text([names])


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Compress ``lines``, each with its end, and say how many there were."""
    count = 0
    with (
        path.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=file, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        for line in lines:
            text.write(line)
            count += 1
    return count


@contextmanager
def new_folder(final: Path) -> Iterator[Path]:
    """Fill a folder under another name; it takes its own when all is written, or goes."""
    final.parent.mkdir(parents=True, exist_ok=True)
    aside = final.parent / f".{final.name}-{uuid.uuid4().hex}"
    aside.mkdir()
    try:
        yield aside
        for path in (*aside.iterdir(), aside):
            settle(path)
        shutil.rmtree(final, ignore_errors=True)
        aside.rename(final)
        settle(final.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def forget_unfinished(parent: Path) -> None:
    """What a worker that was killed left aside. Nobody else may be writing there."""
    for path in parent.glob(".*-*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


class Pieces:
    """The header, then what compressed files hold, in pieces; a response closes it at its end.

    All are opened first: raises ``FileNotFoundError`` at once, never in the middle of an answer,
    and what is removed meanwhile is still read to its end.
    """

    def __init__(self, paths: Sequence[Path], header: str = "") -> None:
        self.header = header.encode()
        with ExitStack() as opened:
            self.files = [opened.enter_context(path.open("rb")) for path in paths]
            self.opened = opened.pop_all()

    def __iter__(self) -> Iterator[bytes]:
        if self.header:
            yield self.header
        for file in self.files:
            with gzip.GzipFile(fileobj=file, mode="rb") as packed:
                while piece := packed.read(CHUNK):
                    yield piece

    def close(self) -> None:
        self.opened.close()
