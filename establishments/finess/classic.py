"""The classic extractions: « ; », no header row, one line a place."""

import csv
from collections.abc import Callable, Iterable
from math import isfinite

from establishments.finess.nomenclature import Nomenclature
from establishments.finess.projections import projection_of, to_degrees
from establishments.finess.records import (
    EntityRecord,
    PositionRecord,
    Record,
    Records,
    RefusedLineError,
    Remark,
    SiteRecord,
)
from establishments.finess.remarks import known_category, note_keys, noted, refused
from establishments.finess.values import (
    join,
    read_date,
    read_digits,
    read_name,
    read_number,
    read_text,
    split_delivery_line,
)

SITE_FIELDS = (
    "structureet", "nofinesset", "nofinessej", "rs", "rslongue", "complrs", "compldistrib",
    "numvoie", "typvoie", "voie", "compvoie", "lieuditbp", "commune", "departement",
    "libdepartement", "ligneacheminement", "telephone", "telecopie", "categetab", "libcategetab",
    "categagretab", "libcategagretab", "siret", "codeape", "codemft", "libmft", "codesph", "libsph",
    "dateouv", "dateautor", "datemaj", "numuai",
)  # fmt: skip
ENTITY_FIELDS = (
    "structureej", "nofiness", "rs", "rslongue", "complrs", "numvoie", "typvoie", "voie",
    "compvoie", "compldistrib", "lieuditbp", "commune", "ligneacheminement", "departement",
    "libdepartement", "telephone", "statutjuridique", "libstatutjuridique", "categetab",
    "libcategetab", "siren", "codeape", "datecrea",
)  # fmt: skip

Line = tuple[int, str | None]
Row = dict[str, str]
Reader = Callable[[int, Row, Nomenclature, list[str]], SiteRecord | EntityRecord]


def read_classic(lines: Iterable[Line], nomenclature: Nomenclature) -> Records:
    """Read the lines of both extractions; comment lines are passed over."""
    for number, text in lines:
        if text is None:
            yield Remark(number, "", None, True, "des caractères ne sont pas lisibles en UTF-8")
        elif text.startswith("structureet;"):
            yield from _checked(number, text, nomenclature, SITE_FIELDS, _site)
        elif text.startswith("structureej;"):
            yield from _checked(number, text, nomenclature, ENTITY_FIELDS, _entity)
        elif text.startswith("geolocalisation;"):
            yield from _position(text)


def _position(text: str) -> Iterable[PositionRecord]:
    """What cannot be read is left out: a position only orders, and the departments know better."""
    fields = split_fields(text)
    if len(fields) < 5:
        return
    try:
        finess = read_number(fields[1], "numéro FINESS").value
        projection = projection_of(finess, fields[4])
        found = to_degrees(float(fields[2]), float(fields[3]), projection)
    except (RefusedLineError, ValueError, OverflowError, ZeroDivisionError):
        return
    if found and isfinite(found.latitude) and isfinite(found.longitude):
        yield PositionRecord(finess, round(found.latitude, 5), round(found.longitude, 5))


def split_fields(text: str) -> list[str]:
    """Split one line alone, so that a quote left open spoils no other line."""
    text = text.rstrip("\r\n")
    if '"' in text:
        text = text.replace("\r", " ").replace("\n", " ")
        return next(csv.reader([text], delimiter=";"))
    return text.split(";")


def _checked(
    number: int, text: str, nomenclature: Nomenclature, names: tuple[str, ...], read: Reader
) -> Iterable[Record]:
    fields, notes = split_fields(text), list[str]()
    try:
        # the older files of sites have 31 fields: no numuai, which is last
        if not len(names) - (names is SITE_FIELDS) <= len(fields) <= len(names):
            raise RefusedLineError(f"{len(fields)} champs au lieu de {len(names)}")
        record = read(number, dict(zip(names, fields, strict=False)), nomenclature, notes)
    except RefusedLineError as refusal:
        finess = refusal.finess or (fields[1].strip()[:20] if len(fields) > 1 else "")
        yield refused(number, finess, refusal, nomenclature)
        return
    yield from noted(record, notes, nomenclature)


def _site(number: int, row: Row, nomenclature: Nomenclature, notes: list[str]) -> SiteRecord:
    finess = read_number(row["nofinesset"], "numéro FINESS")
    entity = read_number(row["nofinessej"], "numéro FINESS de l’entité juridique")
    note_keys(notes, finess, entity)
    place = _place(row, finess.value, nomenclature, notes)
    category = known_category(row["categetab"].strip(), finess.value, nomenclature)
    commune = row["commune"].strip()
    return SiteRecord(
        line=number,
        finess=finess.value,
        entity_finess=entity.value,
        entity_department_id=nomenclature.department_of(entity.value),
        category_id=category,
        siret=read_digits(row["siret"], 14, "SIRET", notes),
        sph_code=row["codesph"].strip()[:1],
        commune_code=nomenclature.commune_code(place["department_id"], commune),
        ape_code=row["codeape"].strip()[:6],
        opened_on=read_date(row["dateouv"], "date d’ouverture", notes),
        finess_updated_on=read_date(row["datemaj"], "date de mise à jour", notes),
        is_closed=False,
        closed_on=None,
        **place,
    )


def _entity(number: int, row: Row, nomenclature: Nomenclature, notes: list[str]) -> EntityRecord:
    finess = read_number(row["nofiness"], "numéro FINESS")
    note_keys(notes, finess)
    place = _place(row, finess.value, nomenclature, notes)
    status: str | None = row["statutjuridique"].strip()
    if status not in nomenclature.legal_statuses:
        notes.append(f"statut juridique « {status} » inconnu, ignoré")
        status = None
    return EntityRecord(
        line=number,
        finess=finess.value,
        siren=read_digits(row["siren"], 9, "SIREN", notes),
        legal_status_id=status,
        opened_on=read_date(row["datecrea"], "date de création", notes),
        is_closed=False,
        closed_on=None,
        **place,
    )


def _place(row: Row, finess: str, nomenclature: Nomenclature, notes: list[str]) -> dict[str, str]:
    """Read what sites and entities both tell: name, address, department, telephone."""
    postal_code, town = split_delivery_line(row["ligneacheminement"])
    department = nomenclature.department_of(finess, row["departement"], postal_code)
    if department is None:
        raise RefusedLineError(f"département « {row['departement']} » inconnu", finess)
    street = join(row["numvoie"], row["compvoie"], row["typvoie"], row["voie"], row["lieuditbp"])
    return {
        "name": read_name(row["rs"], row["rslongue"], finess, notes),
        "long_name": read_text(row["rslongue"], 250, "raison sociale longue", notes),
        "address": read_text(street, 250, "adresse", notes),
        "postal_code": postal_code,
        "town": read_text(town, 100, "commune", notes),
        "department_id": department,
        "phone": read_text(row["telephone"], 20, "téléphone", notes),
    }
