"""Reports that come as a file: JSON, or a table with a line for each product or parcel.

A table ends with a line « fin », whose quantity counts the others: without it, it was cut short.
"""

import json
from collections.abc import Iterator, Sequence
from typing import IO, Any, Final

from common.numbers import NumberError, parse_integer
from common.tabular import ColumnSpec, Limits, Row, TabularError, read_table

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_REPORTS: Final = 5_000
END: Final = "fin"
COLUMNS: Final = (
    ColumnSpec("type", "type", ("nature",)),
    ColumnSpec("le", "le", ("date", "fait le")),
    ColumnSpec("commande", "commande", ("numéro de commande",), required=False),
    ColumnSpec("produit", "produit", ("référence",), required=False),
    ColumnSpec("quantite", "quantite", ("quantité", "unités"), required=False),
    ColumnSpec("expedition", "expedition", ("expédition",), required=False),
    ColumnSpec("transporteur", "transporteur", (), required=False),
    ColumnSpec("livraison_prevue", "livraison_prevue", ("livraison prévue",), required=False),
    ColumnSpec("colis", "colis", ("numéro de colis",), required=False),
    ColumnSpec("etat", "etat", ("état",), required=False),
    ColumnSpec("arretee", "arretee", ("arrêtée",), required=False),
    ColumnSpec("motif", "motif", (), required=False),
)
KEYS: Final = ("type", "le", "commande", "expedition")
OWN: Final = {  # what each report has besides its nature, its moment and its order
    "confirmation": ("motif",),
    "expedition": ("expedition", "transporteur", "livraison_prevue"),
    "suivi": ("expedition", "colis", "etat"),
    "livraison": ("expedition",),
    "arret": ("motif",),
}
WITH_LINES: Final = ("confirmation", "expedition", "stock")
ANSWERS: Final = {"oui": True, "non": False, "vrai": True, "faux": False}


class ReportFileError(ValueError):
    """Nothing can be taken of this file. The message is for a person."""


def parse_json(text: bytes | str) -> Any:
    """What JSON says; the text itself when it is none, which is then kept aside."""
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig", errors="replace")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return text


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def reports_of(file: IO[bytes], filename: str) -> list[Any]:
    """The reports of a file, JSON or a table. What is cut short inside is kept aside as one."""
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ReportFileError("Ce fichier dépasse 10 Mo.")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        reports = _from_json(data)
    else:
        file.seek(0)
        reports = _from_table(file, filename)
    if not reports:
        raise ReportFileError("Ce fichier ne contient aucun compte rendu.")
    if len(reports) > MOST_REPORTS:
        raise ReportFileError("Ce fichier contient plus de 5\u202f000 comptes rendus.")
    return reports


def _from_json(data: bytes) -> list[Any]:
    found = parse_json(data)
    if isinstance(found, dict) and isinstance(found.get("comptes_rendus"), list):
        return list(found["comptes_rendus"])
    return list(found) if isinstance(found, list) else [found]


def _from_table(file: IO[bytes], filename: str) -> list[Any]:
    try:
        table = read_table(file, columns=COLUMNS, filename=filename, limits=Limits())
    except TabularError as error:
        raise ReportFileError(str(error)) from error
    rows = list(table.rows)
    last = rows.pop() if rows and _text(rows[-1], "type") == END else None
    if last is None or _count(last) != len(rows):
        raise ReportFileError(
            "Ce fichier est tronqué\u00a0: sa dernière ligne doit être «\u00a0fin\u00a0», avec le "
            "nombre des autres lignes dans «\u00a0quantite\u00a0». Rien n’en est pris."
        )
    return list(_grouped(rows))


def _count(row: Row) -> int | None:
    try:
        return parse_integer(row["quantite"])
    except NumberError:
        return None


def _grouped(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Lines of one report have the same nature, moment, order and shipment."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        kind = _text(row, "type")
        more = (_text(row, "colis"),) if kind == "suivi" else ()
        groups.setdefault((*(_text(row, name) for name in KEYS), *more), []).append(row)
    for group in groups.values():
        yield _report(group)


def _report(rows: Sequence[Row]) -> dict[str, Any]:
    first = rows[0]
    kind = _text(first, "type")
    report: dict[str, Any] = {"type": kind, "le": _text(first, "le")}
    if kind != "stock":
        report["commande"] = _text(first, "commande")
    for name in OWN.get(kind, ()):
        if text := _text(first, name):
            report[name] = text
    if kind == "arret":
        answer = _text(first, "arretee")
        report["arretee"] = ANSWERS.get(answer.casefold(), answer)
    if kind in WITH_LINES:
        report["lignes"] = [_line(row) for row in rows if _text(row, "produit")]
    if kind == "expedition":
        parcels = (_text(row, "colis") for row in rows)
        report["colis"] = list(dict.fromkeys(one for one in parcels if one))
    return report


def _line(row: Row) -> dict[str, Any]:
    value = row["quantite"]
    try:
        units: Any = parse_integer(value)
    except NumberError:
        units = value
    return {"produit": _text(row, "produit"), "quantite": units}


def _text(row: Row, name: str) -> str:
    value = row[name]
    return "" if value is None else str(value).strip()
