"""Open a FINESS file whatever its name says: compression, layout and encoding are found inside."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from establishments.finess.records import FinessFileError

HEAD = 1 << 16
LONGEST_LINE = 20_000
LARGEST_UNPACKED = 4 << 30  # the national JSON is of some hundreds of megabytes
GZIP_MARK, BOM = b"\x1f\x8b", b"\xef\xbb\xbf"
GENERATED = re.compile(rb'"generatedAt"\s*:\s*"([0-9]{4}-[0-9]{2}-[0-9]{2})')
ACCEPTED = (
    "Sont acceptés : l’extraction FINESS des établissements ou des entités juridiques "
    "(CSV, « ; »), sa version géolocalisée et le nouveau FINESS (JSON), compressés ou non en .gz."
)


class Layout(Enum):
    """What the file describes and how."""

    SITES = "extraction des établissements"
    ENTITIES = "extraction des entités juridiques"
    JSON = "nouveau FINESS (JSON)"

    @property
    def has_sites(self) -> bool:
        return self is not Layout.ENTITIES

    @property
    def has_entities(self) -> bool:
        return self is not Layout.SITES

    @property
    def unit(self) -> str:
        """What a record's number counts: the JSON may be one single line."""
        return "entité n°" if self is Layout.JSON else "ligne"


@dataclass(slots=True)
class FinessFile:
    """An open file, at its beginning."""

    stream: io.BufferedReader
    layout: Layout
    made_on: date | None

    def lines(self) -> Iterator[tuple[int, str | None]]:
        """Give each line with its number; None is a line that is not in the file's encoding."""
        return decoded_lines(self.stream)


class CappedReader(io.RawIOBase):
    """Count what is really unpacked: a small file can unpack into gigabytes."""

    def __init__(self, source: io.BufferedIOBase) -> None:
        self.source = source
        self.room = LARGEST_UNPACKED

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        try:
            chunk = self.source.read1(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FinessFileError("Le fichier compressé est incomplet ou abîmé.") from error
        self.room -= len(chunk)
        if self.room < 0:
            raise FinessFileError("Le fichier décompressé dépasse 4 Go.")
        buffer[: len(chunk)] = chunk
        return len(chunk)


@contextmanager
def open_finess(path: Path) -> Iterator[FinessFile]:
    """Open ``path`` and say what it holds; a file that is no FINESS extraction is refused."""
    with path.open("rb") as raw:
        packed = raw.peek(2)[:2] == GZIP_MARK
        source = gzip.GzipFile(fileobj=raw) if packed else raw
        stream = io.BufferedReader(CappedReader(source), buffer_size=HEAD)
        head = _head(stream)
        layout = detect_layout(head)
        if head.startswith(BOM):
            stream.read(len(BOM))
        yield FinessFile(stream, layout, _made_on(head, layout))


def layout_of(beginning: bytes) -> Layout:
    """Recognise a file by its first bytes, compressed or not, before it is even kept."""
    if beginning.startswith(GZIP_MARK):
        try:
            beginning = zlib.decompressobj(wbits=31).decompress(beginning, HEAD)
        except zlib.error as error:
            raise FinessFileError("Le fichier compressé est incomplet ou abîmé.") from error
    return detect_layout(beginning)


def detect_layout(head: bytes) -> Layout:
    """Recognise a layout by what the file holds, never by its name nor its comment line."""
    text = head.removeprefix(BOM).lstrip()
    if text.startswith(b"{") and (b'"pmej"' in text or b'"schemaVersion"' in text):
        return Layout.JSON
    for line in text.splitlines()[:20]:
        if line.startswith(b"structureet;"):
            return Layout.SITES
        if line.startswith(b"structureej;"):
            return Layout.ENTITIES
    raise FinessFileError(f"Ce fichier n’est pas une extraction FINESS. {ACCEPTED}")


def decoded_lines(stream: io.BufferedReader) -> Iterator[tuple[int, str | None]]:
    """Decode line by line: the first accented one decides between UTF-8 and ISO-8859-1."""
    encoding = ""
    for number, raw in enumerate(iter(lambda: stream.readline(LONGEST_LINE), b""), start=1):
        if len(raw) == LONGEST_LINE:
            raise FinessFileError(f"Ligne {number} : elle est trop longue. {ACCEPTED}")
        raw = raw.replace(b"\0", b"")  # PostgreSQL holds no such character
        if raw.isascii():
            yield number, raw.decode("ascii")
            continue
        encoding = encoding or ("utf-8" if _is_utf8(raw) else "cp1252")
        try:
            yield number, raw.decode(encoding)
        except UnicodeDecodeError:
            yield number, raw.decode("iso-8859-1") if encoding == "cp1252" else None


def _head(stream: io.BufferedReader) -> bytes:
    return stream.peek(HEAD)[:HEAD]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _made_on(head: bytes, layout: Layout) -> date | None:
    """Date of the extraction: the last field of the comment line, or what the JSON says."""
    if layout is Layout.JSON:
        found = GENERATED.search(head)
        text = found.group(1).decode() if found else ""
    else:
        first_line = head.removeprefix(BOM).split(b"\n", 1)[0]
        text = first_line.rsplit(b";", 1)[-1].strip().decode("ascii", "replace")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
