"""Small FINESS files of each layout, with numbers whose key holds."""

import json

from common.identifiers import make_finess

COMMENT = "finess;etalab;93;2021-01-08"
SITE = {
    "structureet": "structureet",
    "rs": "HOPITAL",
    "departement": "45",
    "ligneacheminement": "45000 ORLEANS",
    "categetab": "355",
    "datemaj": "2020-02-04",
}
SITE_NAMES = (
    "structureet nofinesset nofinessej rs rslongue complrs compldistrib numvoie typvoie voie "
    "compvoie lieuditbp commune departement libdepartement ligneacheminement telephone telecopie "
    "categetab libcategetab categagretab libcategagretab siret codeape codemft libmft codesph "
    "libsph dateouv dateautor datemaj numuai"
)
ENTITY_NAMES = (
    "structureej nofiness rs rslongue complrs numvoie typvoie voie compvoie compldistrib lieuditbp "
    "commune ligneacheminement departement libdepartement telephone statutjuridique "
    "libstatutjuridique categetab libcategetab siren codeape datecrea"
)


def number(rank, department="45"):
    """The FINESS number of that rank in a department."""
    return make_finess(f"{department}0{rank:05d}"[:8])


def site_line(finess, entity, **fields):
    row = SITE | {"nofinesset": finess, "nofinessej": entity} | fields
    return ";".join(row.get(name, "") for name in SITE_NAMES.split())


def entity_line(finess, **fields):
    row = {
        "structureej": "structureej",
        "nofiness": finess,
        "rs": "CENTRE HOSPITALIER",
        "departement": "45",
        "ligneacheminement": "45000 ORLEANS",
        "statutjuridique": "13",
        "siren": "264500012",
    } | fields
    return ";".join(row.get(name, "") for name in ENTITY_NAMES.split())


def write(path, *lines, encoding="utf-8"):
    path.write_bytes("\n".join([COMMENT, *lines, ""]).encode(encoding))
    return path


def modern_entity(finess, *sites, state="A", **information):
    told = {"numFinessPm": finess, "denominationPm": "CENTRE HOSPITALIER", **information}
    return {"informationsGeneralesPMEJ": told, "etatObjet": state, "ege": list(sites)}


def modern_site(finess, *, state="A", category="355", **information):
    return {
        "informationsGeneralesEGE": {
            "numFinessEge": finess,
            "nomEgeCourt": "HOPITAL",
            **information,
        },
        "categorieentiteGeographiqueExercice": category,
        "etatObjet": state,
        "adresse": [{"usageAdresse": "03", "codePostal": "45000", "ligneAcheminement": "ORLEANS"}],
    }


def write_json(path, *entities):
    content = {"schemaVersion": "v1", "generatedAt": "2026-03-09T02:17:42Z", "pmej": list(entities)}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
