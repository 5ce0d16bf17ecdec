"""The files joined to a message: known by what they hold, whatever their name (decision 0075).

A PDF and an office document are kept as they came, once nothing in them can act by itself; an image
is drawn again.
"""

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from defusedxml.ElementTree import fromstring
from django.core.files.uploadedfile import UploadedFile
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from common.numbers import format_integer
from common.photos import PhotoError, draw_again
from common.tabular.archive import check_archive
from common.tabular.errors import TabularError
from common.tabular.table import MEGABYTE, Limits
from steering.models import MessageFile

Kind = MessageFile.Kind
HEAVIEST = 10 * MEGABYTE  # all the files of a message together
MOST_FILES = 10
LONGEST_NAME = 100
MOST_OBJECTS = 50_000
ACCEPTED = (
    "Sont acceptés\u00a0: PDF, classeur .xlsx, document .docx, image PNG ou JPEG, "
    f"{HEAVIEST // MEGABYTE}\u00a0Mo au plus pour l’ensemble."
)
ZIP, PDF = b"PK\x03\x04", b"%PDF-"
IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
# what a PDF does by itself, or carries hidden
ACTING = {"/JS", "/JavaScript", "/Launch", "/EmbeddedFiles", "/EmbeddedFile", "/RichMedia", "/XFA",
          "/AA"}  # fmt: skip
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition"}
UNREADABLE = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError,
              RecursionError, OSError, AssertionError, NotImplementedError)  # fmt: skip
HIDDEN = re.compile(r"(vbaproject|vbadata)|/(embeddings|activex)/", re.IGNORECASE)
HARMLESS = ("/hyperlink",)  # a relation to the outside that only a click follows
UNNAMEABLE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


class FileError(Exception):
    """The file is not kept. The message is for the person, in French."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept."""

    name: str
    kind: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class _FileLimits(Limits):
    @property
    def accepted(self) -> str:
        return ACCEPTED


LIMITS = _FileLimits(max_entries=2_000, max_unpacked=100 * MEGABYTE)


def check_file(sent: "UploadedFile[bytes]") -> Checked:
    """Tell what a file is and that it may be kept. Raise ``FileError``."""
    if not sent.size:
        raise FileError(f"Ce fichier est vide. {ACCEPTED}")
    if sent.size > HEAVIEST:
        raise FileError(f"Ce fichier est trop lourd. {ACCEPTED}")
    content = sent.read(HEAVIEST + 1)
    sent.seek(0)
    kind, kept = _known(content, sent)
    return Checked(name_of(sent.name or "", kind), kind, kept)


def _known(content: bytes, sent: "UploadedFile[bytes]") -> tuple[str, bytes]:
    if content.startswith(PDF):
        check_pdf(content)
        return Kind.PDF, content
    if content.startswith(ZIP):
        return check_office(content), content
    if content.startswith(IMAGES):
        try:
            return Kind.JPEG, draw_again(sent).content
        except PhotoError as refusal:
            raise FileError(str(refusal)) from None
    raise FileError(f"Ce format n’est pas accepté. {ACCEPTED}")


def name_of(name: str, kind: str) -> str:
    """The name that it came with, made harmless, under the extension of what it is."""
    text = unicodedata.normalize("NFC", name).rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    stem = text.rsplit(".", 1)[0] if "." in text else text
    visible = "".join(mark for mark in stem if unicodedata.category(mark)[0] != "C")
    kept = " ".join(UNNAMEABLE.sub(" ", visible).split()).strip(" .")[:LONGEST_NAME].strip()
    return f"{kept or 'piece-jointe'}.{kind}"


def check_office(content: bytes) -> str:
    """A workbook or a document without macro, object inside, nor file fetched from outside."""
    try:
        check_archive(BytesIO(content), LIMITS)
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
            is_acting = any(HIDDEN.search(f"/{name}") for name in names)
            is_acting = is_acting or any(_reaches_out(archive, one) for one in archive.namelist())
    except TabularError as refusal:
        raise FileError(str(refusal).replace("Ce classeur", "Ce fichier")) from None
    except (zipfile.BadZipFile, SyntaxError, ValueError):
        raise FileError(f"Ce fichier est abîmé ou incomplet. {ACCEPTED}") from None
    if is_acting:
        raise FileError(
            "Ce fichier contient des macros, des objets ou des liens vers d’autres fichiers\u00a0: "
            f"retirez-les, ou joignez un PDF. {ACCEPTED}"
        )
    if "word/document.xml" in names:
        return Kind.DOCX
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    raise FileError(f"Ce format n’est pas accepté. {ACCEPTED}")


def _reaches_out(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether a part of the document is to be fetched elsewhere when it is opened."""
    if not name.lower().endswith(".rels"):
        return False
    relations = fromstring(archive.read(name))
    return any(
        one.get("TargetMode", "").lower() == "external"
        and not one.get("Type", "").lower().endswith(HARMLESS)
        for one in relations
    )


def check_pdf(content: bytes) -> None:
    """Readable, without password, and doing nothing when it is opened."""
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        is_closed, pages = reader.is_encrypted, 0 if reader.is_encrypted else len(reader.pages)
        is_acting = not is_closed and any(_acts(one) for one in _objects(reader))
    except UNREADABLE:
        raise FileError(f"Ce PDF est abîmé ou incomplet. {ACCEPTED}") from None
    if is_closed:
        raise FileError(f"Ce PDF est protégé par un mot de passe\u00a0: retirez-le. {ACCEPTED}")
    if not pages:
        raise FileError(f"Ce PDF n’a aucune page. {ACCEPTED}")
    if is_acting:
        raise FileError(
            "Ce PDF contient un programme, un formulaire actif ou un fichier caché\u00a0: "
            f"imprimez-le en PDF, puis joignez cette copie. {ACCEPTED}"
        )


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Every object of the file that its tables name; too many of them is refused."""
    numbers = [
        *((number, generation) for generation, found in reader.xref.items() for number in found),
        *((number, 0) for number in reader.xref_objStm),
    ]
    if len(numbers) > MOST_OBJECTS:
        raise FileError(f"Ce PDF compte plus de {format_integer(MOST_OBJECTS)} objets. {ACCEPTED}")
    yield reader.trailer
    for number, generation in dict.fromkeys(numbers):
        if number:
            yield reader.get_object(IndirectObject(number, generation, reader))


def _acts(one: Any) -> bool:
    """Whether an object, or one written inside it, acts or hides a file."""
    waiting: list[Any] = [one]
    while waiting:
        found = waiting.pop()
        if isinstance(found, DictionaryObject):
            if ACTING & found.keys() or _action_of(found) in ACTIONS or _opens(found):
                return True
            waiting += _direct(found.values())
        elif isinstance(found, ArrayObject):
            waiting += _direct(found)
    return False


def _action_of(found: DictionaryObject) -> str:
    return str(found["/S"]) if "/S" in found else ""


def _opens(found: DictionaryObject) -> bool:
    """Whether opening the file goes elsewhere than to one of its pages."""
    action = found.get("/OpenAction")
    return isinstance(action, DictionaryObject) and _action_of(action) != "/GoTo"


def _direct(values: Iterable[Any]) -> list[Any]:
    """Those that hold others, without following references: each is looked at in its turn."""
    return [one for one in values if isinstance(one, DictionaryObject | ArrayObject)]
