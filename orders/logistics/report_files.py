"""Reports that come as a file: JSON, or a table with a line for each product or parcel.

A table ends with a line « fin », whose quantity counts the others: without it, it was cut short.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import IO, Any, Final

from django.http import FileResponse

from common.exports import template_response
from common.numbers import NumberError, parse_integer
from common.tabular import ColumnSpec, Limits, Row, TabularError, read_table

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_REPORTS: Final = 2_000  # each is a transaction: a page waits for them all
DEEPEST: Final = 10
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
    "solde": ("motif",),
    "arret": ("motif",),
}
WITH_LINES: Final = ("confirmation", "expedition", "solde", "stock")
FRENCH_DATE: Final = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?", re.ASCII
)
NOTES: Final = (
    "type\u00a0: confirmation, preparation, expedition, suivi, livraison, solde, stock ou arret.",
    "le\u00a0: quand l’entrepôt l’a fait, à la minute, heure de Paris (17/11/2020 09:30).",
    "confirmation, expedition, solde, stock\u00a0: une ligne par produit, avec sa quantité en "
    "unités (solde\u00a0: tout ce qui est parti, le reste ne partira pas).",
    "expedition, suivi, livraison\u00a0: le numéro d’expédition que l’entrepôt lui donne. "
    "expedition\u00a0: aussi une ligne par colis.",
    "suivi\u00a0: le colis, et où il en est dans etat. arret\u00a0: oui ou non dans arretee.",
    "La dernière ligne a «\u00a0fin\u00a0» dans type et le nombre des autres lignes dans "
    "quantite\u00a0: sans elle, le fichier est refusé comme tronqué.",
)
ANSWERS: Final = {"oui": True, "non": False, "vrai": True, "faux": False}


class ReportFileError(ValueError):
    """Nothing can be taken of this file. The message is for a person."""


def parse_json(text: bytes | str) -> Any:
    """What JSON says; the text itself when it is none, which is then kept aside.

    So is what is not in UTF-8 (a guess would write names wrong), or nests deeper than any report.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            return text.decode("utf-8-sig", errors="replace")
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return text
    return text if is_too_deep(found) else found


def is_too_deep(value: Any, levels: int = DEEPEST) -> bool:
    """A few levels are enough to know: it never goes further itself."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return not levels or any(is_too_deep(one, levels - 1) for one in value)


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
        raise ReportFileError(
            "Ce fichier contient plus de 2\u202f000 comptes rendus\u00a0: coupez-le en plusieurs."
        )
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
    report: dict[str, Any] = {"type": kind, "le": iso_text(_text(first, "le"))}
    if kind != "stock":
        report["commande"] = _text(first, "commande")
    for name in OWN.get(kind, ()):
        if text := _text(first, name):
            report[name] = iso_text(text) if name == "livraison_prevue" else text
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


def iso_text(text: str) -> str:
    """A date as French spreadsheets write it, as an interface does; any other text as it is."""
    found = FRENCH_DATE.fullmatch(text)
    if found is None:
        return text
    day, month, year, hour, minute, second = found.groups()
    date = f"{year}-{month:0>2}-{day:0>2}"
    return f"{date}T{hour:0>2}:{minute}:{second or '00'}" if hour else date


def template() -> FileResponse:
    names = [one.name for one in COLUMNS]
    return template_response(
        names,
        [],
        NOTES,
        filename="modele-comptes-rendus",
        title="Comptes rendus",
        text_columns=("commande", "produit", "expedition", "colis"),
        choices={"type": [*OWN, "preparation", "stock", END], "arretee": ["oui", "non"]},
    )
