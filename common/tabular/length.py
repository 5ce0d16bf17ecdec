"""How long a file is, told by its bytes: what is long is left to the task worker.

A workbook is packed: 20,000 lines that repeat themselves weigh less than 1,000 that do not.
"""

import re
import zipfile
import zlib
from typing import IO

from common.tabular.archive import PIECE

MOST_UNPACKED = 5_000_000  # bytes: beyond, it is long whatever it holds
_ROW = re.compile(rb"<(?:\w{1,20}:)?row[\s/>]")
_LONGEST_MARK = 28  # bytes of the previous piece looked at again: a mark may straddle two pieces
_SHEETS = "xl/worksheets/"


def is_longer(file: IO[bytes], lines: int) -> bool:
    """Whether a file holds more than so many lines; one that cannot be opened does not.

    Nothing is read of a line: whoever reads the file says what is wrong with it.
    """
    file.seek(0)
    try:
        is_packed = file.read(2) == b"PK"
        file.seek(0)
        return _is_long_workbook(file, lines) if is_packed else _is_long_text(file, lines)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ):
        return False
    finally:
        file.seek(0)


def _is_long_workbook(file: IO[bytes], lines: int) -> bool:
    found = unpacked = 0
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            if not entry.filename.replace("\\", "/").lower().startswith(_SHEETS):
                continue
            tail = b""
            with archive.open(entry) as content:
                while piece := content.read(PIECE):
                    unpacked += len(piece)
                    seen = tail + piece
                    found += sum(1 for mark in _ROW.finditer(seen) if mark.end() > len(tail))
                    if found > lines or unpacked > MOST_UNPACKED:
                        return True
                    tail = seen[-_LONGEST_MARK:]
    return False


def _is_long_text(file: IO[bytes], lines: int) -> bool:
    """Line feeds, or carriage returns where there is nothing else; two bytes each in UTF-16."""
    feeds = returns = 0
    while piece := file.read(PIECE):
        feeds += piece.count(b"\n")
        returns += piece.count(b"\r")
        if max(feeds, returns) > lines:
            return True
    return False
