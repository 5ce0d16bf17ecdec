"""What is sent and answered, as the document for machines tells it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from ninja import Field, Schema
from pydantic import StrictFloat, StrictInt, StrictStr

from medications.models import MonitoredList

MOST_LINES = 2_000
Slug = MonitoredList.Slug
Text = Annotated[StrictStr, Field(max_length=200)]
Code = Annotated[StrictStr, Field(max_length=40)]
Number = StrictInt | StrictFloat | Annotated[StrictStr, Field(max_length=40)] | None
Shown = int | float | None


def shown_number(value: Decimal | None) -> Shown:
    """A number that machines read: whole when it is."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


class PuiAsked(Schema):
    """Which pharmacy: by its number, or by the FINESS of its site, with its label if need be."""

    id: int | None = Field(None, ge=1, le=2**31 - 1, description="Numéro de la PUI ici.")
    finess: str | None = Field(
        None,
        max_length=20,
        description="FINESS du site de la PUI, ou de son entité juridique, avec ou sans espaces.",
        examples=["450990114"],
    )
    libelle: str | None = Field(
        None,
        max_length=120,
        description="Libellé de la PUI\u00a0: nécessaire quand il y en a plusieurs à ce numéro.",
        examples=["PUI Saint-Aubin"],
    )


class LineSent(Schema):
    """One product. Blank (null or absent) is not declared; 0 says that there is none left."""

    ucd: Code | None = Field(
        None,
        description="Code UCD à 7 chiffres, ou code propre d’un dispositif de vaccination.",
        examples=["9999021"],
    )
    ucd13: Code | None = Field(None, description="Code UCD à 13 chiffres, si l’autre manque.")
    libelle: Text = Field("", description="Libellé, pour les messages.")
    stock: Number = Field(None, description="Quantité en stock, en unités.", examples=[420])
    cmj: Number = Field(
        None, description="Consommation moyenne journalière, en unités.", examples=[35.5]
    )
    peremption: Code | None = Field(
        None,
        description="Péremption la plus proche des unités en stock, facultative\u00a0: "
        "`AAAA-MM-JJ`, ou `AAAA-MM` pour la fin du mois (aussi `JJ/MM/AAAA` et `MM/AAAA`). "
        "Illisible ou sans stock, elle est laissée de côté et dite dans `remarques`\u00a0; avant "
        "l’échéance, elle doit être confirmée comme un gros écart.",
        examples=["2027-03-31"],
    )


class Sending(Schema):
    """The whole declaration of a due day: it replaces the one before."""

    pui: PuiAsked
    liste: Slug = Field(Slug.OTHERS, description="Liste suivie\u00a0: `autres` par défaut.")
    echeance: date | None = Field(
        None, description="Échéance déclarée\u00a0; par défaut, celle qui est attendue."
    )
    lignes: list[LineSent] = Field(
        min_length=1, max_length=MOST_LINES, description="Une ligne par produit."
    )
    confirme: list[Code] = Field(
        default_factory=list,
        max_length=MOST_LINES,
        description="Codes UCD dont le gros écart, ou la péremption dépassée, est exact. Sans eux, "
        "l’envoi est refusé et les écarts sont donnés.",
    )


class PuiShown(Schema):
    id: int
    libelle: str
    finess: str
    etablissement: str


class LineReceived(Schema):
    ucd: str
    ucd13: str
    libelle: str
    stock: Shown
    cmj: Shown
    peremption: date | None


class RemarkShown(Schema):
    """A value left out of a line that was received all the same."""

    ligne: int
    ucd: str
    colonne: str
    valeur: str
    motif: str
    accepte: str


class ReceiptShown(Schema):
    """What was received, line by line."""

    numero: str
    etat: str = Field(description="`transmise`, ou `remplacée` par une autre.")
    pui: PuiShown
    liste: str
    echeance: date
    origine: str
    transmise_le: datetime
    en_retard: bool
    remplacee_le: datetime | None
    lignes: list[LineReceived]
    remarques: list[RemarkShown] = Field(description="Péremptions laissées de côté, et pourquoi.")
    non_declares: list[str] = Field(description="Codes suivis et absents de l’envoi.")
    hors_liste: list[str] = Field(description="Codes envoyés et laissés de côté\u00a0: non suivis.")


class StockShown(Schema):
    ucd: str
    libelle: str
    ucd_reference: str | None
    dci: str | None
    mapui: bool = Field(description="Ligne par médicament virtuel, reprise de maPUI.")
    liste: str | None = Field(description="Liste qui suit ce produit aujourd’hui.")
    priorite: int | None
    pui_id: int
    pui: str
    finess: str
    etablissement: str
    departement: str | None
    region: str | None
    echeance: date
    transmise_le: datetime
    a_jour: bool | None = Field(description="Déclaré à la dernière échéance passée.")
    stock: Shown
    cmj: Shown
    peremption: date | None = Field(
        description="Péremption la plus proche des unités en stock\u00a0; vide\u00a0: non déclarée."
    )
    jours_couverture: float | None
    niveau: str


class StocksPage(Schema):
    stocks: list[StockShown]
    suite: str | None = Field(
        description="À redonner dans `apres`\u00a0; vide\u00a0: c’est la fin."
    )
