"""The one way to read a file that people send, whatever its name says it is."""

import dataclasses
import hashlib
import re
from collections.abc import Sequence
from typing import IO

from common.refusal import shown
from common.tabular.delimited import read_delimited
from common.tabular.errors import TabularError
from common.tabular.process import read_workbook
from common.tabular.table import ColumnSpec, Limits, Table

DEFAULT_LIMITS = Limits()

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(rb"\s*<[!?a-z]", re.IGNORECASE)


def read_table(
    file: IO[bytes],
    *,
    columns: Sequence[ColumnSpec],
    filename: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Read an XLSX or a CSV, known by its content. Raise ``TabularError``, whose text is shown."""
    return _read_file(file, columns, filename, limits, is_whole=False)


def read_whole_table(
    file: IO[bytes],
    *,
    columns: Sequence[ColumnSpec],
    filename: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Read every column under its position; ``columns`` only help to find the headers.

    For files whose columns a person may have to name: ``Table.headers`` are theirs, as written.
    """
    return _read_file(file, columns, filename, limits, is_whole=True)


def _read_file(
    file: IO[bytes], columns: Sequence[ColumnSpec], filename: str, limits: Limits, *, is_whole: bool
) -> Table:
    if file.seekable():
        file.seek(0)  # a form may have looked at it already
    data = file.read(limits.max_bytes + 1)
    try:
        table = _read(data, columns, limits, is_whole=is_whole)
    except TabularError as error:
        prefix = f"{shown(filename, length=80)} : " if filename else ""
        raise type(error)(f"{prefix}{error}") from error.__cause__
    digest = hashlib.sha256(data).hexdigest()
    return dataclasses.replace(table, filename=filename, digest=digest)


def _read(data: bytes, columns: Sequence[ColumnSpec], limits: Limits, *, is_whole: bool) -> Table:
    if refusal := _refusal(data, limits):
        raise TabularError(f"{refusal} {limits.accepted}")
    if data.startswith(b"PK"):
        return read_workbook(data, columns, limits, is_whole=is_whole)
    return read_delimited(data, columns, limits, is_whole=is_whole)


def _refusal(data: bytes, limits: Limits) -> str:
    """Say what the file is when it is none of the two accepted."""
    if not data.strip():
        return "Ce fichier est vide."
    if len(data) > limits.max_bytes:
        return "Ce fichier est trop lourd."
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            return "Ce classeur est protégé par un mot de passe : retirez-le."
        return "Ce fichier est un ancien classeur (.xls) : enregistrez-le au format .xlsx."
    if data.startswith(b"%PDF"):
        return "Ce fichier est un document PDF."
    if _MARKUP.match(data.replace(b"\0", b"")[:200].lstrip(b"\xef\xbb\xbf\xff\xfe")):
        return "Ce fichier est une page web ou du XML, pas un classeur."
    return ""
