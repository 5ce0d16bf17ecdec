"""The new FINESS: JSON, `pmej[] → ege[]`, closed objects included, some hundreds of megabytes.

The files carry plain texts where the published schema shows {code, system} objects: both are read.
"""

from collections.abc import Iterator
from typing import Any

import ijson

from common.tabular.cells import clean_text
from establishments.finess.nomenclature import Nomenclature
from establishments.finess.opening import FinessFile
from establishments.finess.records import (
    EntityRecord,
    FinessFileError,
    Records,
    RefusedLineError,
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
)

ACTIVE = "A"
MAIN_ADDRESS = "03"
Node = dict[str, Any]


def read_modern(file: FinessFile, nomenclature: Nomenclature) -> Records:
    """Read the entities one by one, each with its sites; memory holds one entity at a time.

    Lines mean nothing here (the file may be one line): records are numbered by entity.
    """
    for number, entity in enumerate(_entities(file), start=1):
        yield from _read_entity(number, entity, nomenclature)


def _entities(file: FinessFile) -> Iterator[Node]:
    try:
        for node in ijson.items(file.stream, "pmej.item", use_float=True):
            yield node if isinstance(node, dict) else {}
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise FinessFileError("Le fichier JSON est incomplet ou abîmé.") from error


def _read_entity(number: int, node: Node, nomenclature: Nomenclature) -> Records:
    notes: list[str] = []
    shown = code(_information(node, "PMEJ").get("numFinessPm"))
    try:
        entity = _entity(number, node, nomenclature, notes)
    except RefusedLineError as refusal:
        yield refused(number, refusal.finess or shown, refusal, nomenclature)
        for site in _list(node.get("ege")):
            finess = code(_information(site, "EGE").get("numFinessEge"))
            why = RefusedLineError(f"son entité juridique « {shown[:20]} » est refusée")
            yield refused(number, finess, why, nomenclature)
        return
    yield from noted(entity, notes, nomenclature)
    for site in _list(node.get("ege")):
        yield from _read_site(number, site, entity, nomenclature)


def _read_site(
    number: int, node: Node, entity: EntityRecord, nomenclature: Nomenclature
) -> Records:
    notes: list[str] = []
    try:
        site = _site(number, node, entity, nomenclature, notes)
    except RefusedLineError as refusal:
        finess = refusal.finess or code(_information(node, "EGE").get("numFinessEge"))
        yield refused(number, finess, refusal, nomenclature)
        return
    yield from noted(site, notes, nomenclature)


def _entity(number: int, node: Node, nomenclature: Nomenclature, notes: list[str]) -> EntityRecord:
    information = _information(node, "PMEJ")
    finess = read_number(code(information.get("numFinessPm")), "numéro FINESS")
    note_keys(notes, finess)
    names = information.get("denominationPm"), information.get("denominationLonguePmSmsse")
    status: str | None = code(information.get("statutJuridique"))
    if status not in nomenclature.legal_statuses:
        notes.extend([f"statut juridique « {status} » inconnu, ignoré"] if status else [])
        status = None
    return EntityRecord(
        line=number,
        finess=finess.value,
        siren=read_digits(information.get("siren"), 9, "SIREN", notes),
        legal_status_id=status,
        opened_on=read_date(code(information.get("dateCreation")), "date de création", notes),
        **_place(node, names, finess.value, nomenclature, notes),
        **_closing(node, information, notes),
    )


def _site(
    number: int, node: Node, entity: EntityRecord, nomenclature: Nomenclature, notes: list[str]
) -> SiteRecord:
    information = _information(node, "EGE")
    finess = read_number(code(information.get("numFinessEge")), "numéro FINESS")
    note_keys(notes, finess)
    category = code(node.get("categorieentiteGeographiqueExercice"))
    known_category(category, finess.value, nomenclature)
    names = information.get("nomEgeCourt"), information.get("nomEgeLong")
    updated = code(node.get("dateDerniereMaj"))
    return SiteRecord(
        line=number,
        finess=finess.value,
        entity_finess=entity.finess,
        entity_department_id=entity.department_id,
        category_id=category,
        siret=read_digits(information.get("siret"), 14, "SIRET", notes),
        sph_code=None,
        commune_code=code(_main_address(node).get("cogCommune"))[:5] or None,
        ape_code=None,
        opened_on=read_date(code(information.get("dateOuverture")), "date d’ouverture", notes),
        finess_updated_on=read_date(updated, "date de mise à jour", notes),
        **_place(node, names, finess.value, nomenclature, notes),
        **_closing(node, information, notes),
    )


def _place(
    node: Node, names: tuple[Any, Any], finess: str, nomenclature: Nomenclature, notes: list[str]
) -> Node:
    """Read what sites and entities both tell: name, address, department, telephone."""
    address = _main_address(node)
    postal_code = read_digits(address.get("codePostal"), 5, "code postal", notes)
    department = nomenclature.department_of(finess, "", postal_code)
    if department is None:
        raise RefusedLineError("département inconnu", finess)
    town = read_text(address.get("ligneAcheminement"), 100, "commune", notes)
    return {
        "name": read_name(*names, finess, notes),
        "long_name": read_text(names[1], 250, "dénomination longue", notes),
        "address": _street(address, notes) if address else None,
        "postal_code": postal_code if address else None,
        "town": town if address else None,
        "department_id": department,
        "phone": _phone(node),
    }


def _closing(node: Node, information: Node, notes: list[str]) -> Node:
    """Only the objects in the state A are open; the others are kept, closed."""
    if code(node.get("etatObjet")) == ACTIVE:
        return {"is_closed": False, "closed_on": None}
    closed_on = read_date(code(information.get("dateFermeture")), "date de fermeture", notes)
    return {"is_closed": True, "closed_on": closed_on}


def code(value: Any) -> str:
    """Read a code that is a plain text, or an object {code, system} as in the published schema."""
    if isinstance(value, dict):
        value = value.get("code")
    return clean_text(str(value)).strip() if value not in (None, "") else ""


def _information(node: Node, kind: str) -> Node:
    """General information of an object; the schema writes Pmej where the files write PMEJ."""
    for name in (kind, kind.capitalize()):
        found = node.get(f"informationsGenerales{name}")
        if isinstance(found, dict):
            return found
    return {}


def _list(value: Any) -> list[Node]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _main_address(node: Node) -> Node:
    addresses = _list(node.get("adresse"))
    main = (one for one in addresses if code(one.get("usageAdresse")) == MAIN_ADDRESS)
    return next(main, addresses[0] if addresses else {})


def _street(address: Node, notes: list[str]) -> str:
    parts = ("numeroVoie", "complementVoie", "typeVoie", "libelleVoie", "lieuDit")
    return read_text(join(*(code(address.get(part)) for part in parts)), 250, "adresse", notes)


def _phone(node: Node) -> str | None:
    phones = (code(one.get("telephone")) for one in _list(node.get("contact")))
    return next((phone[:20] for phone in phones if phone), None)
