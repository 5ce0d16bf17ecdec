"""The JSON Schema of an order file; that of a report comes from its shapes."""

from typing import Any

from orders.logistics.order_files import FORMAT, VERSION
from orders.logistics.shapes import SPECIFICATION

TEXT, WHOLE = {"type": "string"}, {"type": "integer", "minimum": 1}
MOMENT = {"type": "string", "format": "date-time"}
LINE = {"ligne": WHOLE, "produit": TEXT, "libelle": TEXT, "quantite": WHOLE, "colis": WHOLE}
ORDER = {
    **dict.fromkeys(
        (
            "commande", "reference_livraison", "nature", "entrepot", "finess", "beneficiaire",
            "lieu", "adresse", "code_postal", "commune", "acces", "contact", "telephone",
            "commentaire",
        ),
        TEXT,
    ),
    "moment": MOMENT,
    "rejeu": {"type": "boolean"},
}  # fmt: skip
STOP = {
    "commande": TEXT,
    "reference_livraison": TEXT,
    "moment": MOMENT,
    "rejeu": {"type": "boolean"},
}


def order_file_schema() -> dict[str, Any]:
    lines = {"type": "array", "minItems": 1, "items": _object(LINE | {"unites_par_colis": WHOLE})}
    return {
        "$schema": SPECIFICATION,
        "title": "Fichier de commandes",
        "version": VERSION,
        **_object(
            {
                "format": {"const": FORMAT},
                "version": {"const": VERSION},
                "logisticien": TEXT,
                "numero": WHOLE,
                "ecrit_le": MOMENT,
                "rejeu_de": {"type": ["integer", "null"]},
                "commandes": {"type": "array", "items": _object(ORDER | {"lignes": lines})},
                "arrets": {"type": "array", "items": _object(STOP)},
            }
        ),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }
