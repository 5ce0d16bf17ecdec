"""Look inside a workbook's archive before anything is read from it.

Sizes declared in a zip can lie, so what is really unpacked is counted, piece by piece.
"""

import zipfile
import zlib
from typing import IO

from common.tabular.errors import TabularError
from common.tabular.table import Limits

PIECE = 256 * 1024
CONTENT_TYPES = "[Content_Types].xml"
_KNOWN_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IS_ENCRYPTED = 0x1
_ENTITY_MARKS = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP = 64  # bytes of the previous piece looked at again: a mark may straddle two pieces


def check_archive(file: IO[bytes], limits: Limits) -> None:
    """Refuse a bomb, a disguise, macros, links to other files and entities."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive, limits)
            _check_kind(archive, limits)
            _check_contents(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise TabularError(
            f"Ce classeur est abîmé ou incomplet : il n’a pas pu être ouvert. {limits.accepted}"
        ) from error
    file.seek(0)


def _check_entries(archive: zipfile.ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    if len(entries) > limits.max_entries:
        raise TabularError(f"Ce classeur contient trop d’éléments. {limits.accepted}")
    if any(entry.flag_bits & _IS_ENCRYPTED for entry in entries):
        raise TabularError(
            f"Ce classeur est protégé par un mot de passe : retirez-le. {limits.accepted}"
        )
    if any(entry.compress_type not in _KNOWN_COMPRESSIONS for entry in entries):
        raise TabularError(f"Ce fichier n’est pas un classeur .xlsx. {limits.accepted}")


def _check_kind(archive: zipfile.ZipFile, limits: Limits) -> None:
    names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    refusals = {
        "Ce fichier est un classeur OpenDocument (.ods).": {"mimetype", "content.xml"} <= names,
        "Ce classeur est au format binaire (.xlsb).": "xl/workbook.bin" in names,
        "Ce classeur contient des macros.": "xl/vbaproject.bin" in names,
        "Ce classeur a des liens vers d’autres fichiers : remplacez-les par leurs valeurs.": any(
            name.startswith("xl/externallinks/") for name in names
        ),
        "Ce fichier n’est pas un classeur .xlsx.": CONTENT_TYPES.lower() not in names,
    }
    for sentence, is_refused in refusals.items():
        if is_refused:
            raise TabularError(f"{sentence} {limits.accepted}")


def _check_contents(archive: zipfile.ZipFile, limits: Limits) -> None:
    packed = sum(entry.compress_size for entry in archive.infolist()) or 1
    unpacked = 0
    for entry in archive.infolist():
        tail = b""
        with archive.open(entry) as content:
            while piece := content.read(PIECE):
                unpacked += len(piece)
                if unpacked > limits.max_unpacked or unpacked > packed * limits.max_ratio:
                    raise TabularError(
                        f"Une fois ouvert, ce classeur serait démesuré. {limits.accepted}"
                    )
                _check_piece(tail + piece, entry.filename, limits)
                tail = piece[-_OVERLAP:]


def _check_piece(piece: bytes, name: str, limits: Limits) -> None:
    """Refuse entities in any encoding (UTF-16 is ASCII with zeros), and disguised macros."""
    marks = piece.replace(b"\0", b"")
    if name.endswith((".xml", ".rels", ".vml")) and any(mark in marks for mark in _ENTITY_MARKS):
        raise TabularError(f"Ce classeur contient des entités XML. {limits.accepted}")
    if name == CONTENT_TYPES and b"macroEnabled" in marks:
        raise TabularError(f"Ce classeur contient des macros. {limits.accepted}")
