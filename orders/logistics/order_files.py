"""What an order file says: the same orders in JSON, and line by line in CSV."""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from common.exports import csv_text, plain_value
from establishments.models import AdministrativeBody
from orders.models import Order, OrderLine
from pui.feeds.schema import Dictionary, Field

FORMAT, VERSION = "stocks-sante/commandes", "1.0"
REQUIRED: Final = {"required": True}
COLUMNS: Final = Dictionary(
    name="commandes",
    title="Fichier de commandes",
    description="Une ligne par produit d’une commande, ou par demande d’arrêt.",
    version=VERSION,
    fields=(
        Field(
            "type",
            "Nature",
            "Commande ou demande d’arrêt.",
            constraints={"required": True, "enum": ["commande", "arret"]},
        ),
        Field("rejeu", "Rejeu", "Déjà donnée dans un fichier précédent.", "boolean"),
        Field("commande", "Commande", "Numéro de la commande.", constraints=REQUIRED),
        Field("reference_livraison", "Livraison", "Référence à porter sur le bon."),
        Field("nature", "Nature de la commande", "Sur contingent, pot commun, poussée, payée."),
        Field("entrepot", "Entrepôt", "Entrepôt ou plateforme qui sert."),
        Field("finess", "FINESS", "Numéro du bénéficiaire, vide pour une ARS."),
        Field("beneficiaire", "Bénéficiaire", "Nom du bénéficiaire, ou de l’ARS."),
        Field("lieu", "Lieu", "Nom du lieu de livraison."),
        Field("adresse", "Adresse", "Rue, bâtiment."),
        Field("code_postal", "Code postal", "Cinq chiffres."),
        Field("commune", "Commune", "Commune de livraison."),
        Field("acces", "Accès", "Horaires et accès."),
        Field("contact", "Personne à joindre", "À la livraison."),
        Field("telephone", "Téléphone", "De la personne à joindre."),
        Field("ligne", "Ligne", "Rang de la ligne dans la commande.", "integer"),
        Field("produit", "Produit", "Référence du produit au catalogue."),
        Field("libelle", "Libellé", "Nom, type et taille."),
        Field("quantite", "Quantité", "Unités.", "integer", {"minimum": 1}),
        Field("colis", "Colis", "Nombre de colis entiers.", "integer"),
        Field("unites_par_colis", "Unités par colis", "Contenu d’un colis.", "integer"),
        Field("moment", "Moment", "Quand la commande, ou l’arrêt, a été transmis.", "datetime"),
        Field("commentaire", "Commentaire", "De la personne qui commande."),
    ),
    key=("type", "commande", "ligne"),
)
WAREHOUSES: Final[dict[str, str]] = {
    AdministrativeBody.Kind.LA_POSTE: "entrepot-la-poste",
    AdministrativeBody.Kind.SPF: "spf",
    AdministrativeBody.Kind.CONSORTIUM: "consortium",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file, whole: its texts with their digests, and what it counts."""

    json_text: str
    csv_text: str
    lines: int
    units: int

    @property
    def json_digest(self) -> str:
        return hashlib.sha256(self.json_text.encode()).hexdigest()

    @property
    def csv_digest(self) -> str:
        return hashlib.sha256(self.csv_text.encode()).hexdigest()

    @property
    def fields(self) -> dict[str, Any]:
        """Those of the row that keeps it."""
        return {
            "json_text": self.json_text,
            "json_digest": self.json_digest,
            "csv_text": self.csv_text,
            "csv_digest": self.csv_digest,
            "lines_count": self.lines,
            "units": self.units,
        }


def code_of(operator: AdministrativeBody) -> str:
    """How files and folders name an operator."""
    return str(operator.kind).replace("_", "-")


def reference_of(order: Order) -> str:
    """What the delivery note bears: « L » and the number of the order."""
    return f"L-{order.number.removeprefix('C-')}"[:24]


def warehouse_of(order: Order) -> str:
    base = WAREHOUSES.get(order.operator.kind, "") if order.operator else ""
    return f"{base}-{order.platform.code}" if order.platform else base


def told_order(order: Order) -> dict[str, Any]:
    """An order as the file says it; its lines and its places are read already."""
    place = order.beneficiary.place if order.beneficiary else None
    return {
        "commande": order.number,
        "reference_livraison": order.delivery_reference,
        "nature": order.get_kind_display(),
        "entrepot": warehouse_of(order),
        "finess": place.finess if place else "",
        "beneficiaire": place.name if place else str(order.agency),
        **_address(order.delivery),
        "contact": order.contact_name,
        "telephone": order.contact_phone,
        "moment": _moment(order.submitted_at),
        "commentaire": order.comment,
        "rejeu": False,
        "lignes": [_line(rank, one) for rank, one in enumerate(order.lines.all(), start=1)],
    }


def told_stop(order: Order) -> dict[str, Any]:
    return {
        "commande": order.number,
        "reference_livraison": order.delivery_reference,
        "moment": _moment(order.stop_asked_at),
        "rejeu": False,
    }


def written(
    operator: AdministrativeBody,
    sequence: int,
    moment: datetime,
    orders: Sequence[dict[str, Any]],
    stops: Sequence[dict[str, Any]],
    replay_of: int | None = None,
) -> Written:
    content = {
        "format": FORMAT,
        "version": VERSION,
        "logisticien": code_of(operator),
        "numero": sequence,
        "ecrit_le": _moment(moment),
        "rejeu_de": replay_of,
        "commandes": list(orders),
        "arrets": list(stops),
    }
    lines = [line for order in orders for line in order["lignes"]]
    return Written(
        json_text=json.dumps(content, ensure_ascii=False, indent=1) + "\n",
        csv_text=_csv(orders, stops),
        lines=len(lines),
        units=sum(line["quantite"] for line in lines),
    )


def _address(delivery: dict[str, Any]) -> dict[str, str]:
    """As it was when sent; see ``Order.delivery``."""
    names = {"lieu": "label", "adresse": "lines", "code_postal": "postal_code", "commune": "town"}
    told = {name: str(delivery.get(key) or "") for name, key in names.items()}
    return told | {"acces": str(delivery.get("terms") or "")}


def _line(rank: int, line: OrderLine) -> dict[str, Any]:
    product = line.product
    return {
        "ligne": rank,
        "produit": product.code,
        "libelle": str(product),
        "quantite": line.quantity,
        "colis": line.quantity // product.units_per_pack,
        "unites_par_colis": product.units_per_pack,
    }


def _csv(orders: Sequence[dict[str, Any]], stops: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS.names)
    rows = [{"type": "commande", **order, **line} for order in orders for line in order["lignes"]]
    rows += [{"type": "arret", **stop} for stop in stops]
    for row in rows:
        writer.writerow([csv_text(plain_value(row.get(name))) for name in COLUMNS.names])
    return "\ufeff" + text.getvalue()


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
