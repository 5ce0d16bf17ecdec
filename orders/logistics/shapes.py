"""What a report may say, read strictly; the same declarations give the JSON Schema."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal, Self

from django.utils import timezone
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from common.weeks import PARIS

SPECIFICATION: Final = "https://json-schema.org/draft/2020-12/schema"
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
CLOCK: Final = timedelta(minutes=10)  # that of a warehouse may be wrong by so much
LATEST_DELIVERY: Final = timedelta(days=180)
FIRST_YEAR: Final = 2020
LARGEST: Final = 100_000_000
MOST_LINES, MOST_PARCELS = 500, 1_000
WORDS: Final = {
    "missing": "manque",
    "extra_forbidden": "n’est pas un champ connu",
    "int_parsing": "doit être un nombre entier",
    "int_type": "doit être un nombre entier",
    "int_from_float": "doit être un nombre entier",
    "greater_than_equal": "est trop petit",
    "less_than_equal": "est trop grand",
    "bool_type": "doit être vrai ou faux",
    "bool_parsing": "doit être vrai ou faux",
    "string_too_long": "est trop long",
    "string_too_short": "est vide",
    "too_short": "est vide",
    "too_long": "a trop de lignes",
    "union_tag_invalid": "n’est pas une nature connue",
    "union_tag_not_found": "n’a pas de nature («\u00a0type\u00a0»)",
}


class UnreadableReportError(ValueError):
    """The report cannot be read. The message is for a person, in French."""


def _plain(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError("contient un caractère interdit")
    return text.strip()


def _dated(moment: datetime) -> datetime:
    """Without an offset it is Paris time. A clock that runs ahead would hide the counts that come
    after, and count twice what leaves: better kept aside."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
    if aware > timezone.now() + CLOCK:
        raise ValueError("est dans l’avenir\u00a0: vérifiez l’heure et son décalage")
    if aware.year < FIRST_YEAR:
        raise ValueError("est trop ancien")
    return aware


Name = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_plain)]
Words = Annotated[str, Field(max_length=120), AfterValidator(_plain)]
Reason = Annotated[str, Field(max_length=300), AfterValidator(_plain)]
Moment = Annotated[datetime, AfterValidator(_dated)]
Units = Annotated[int, Field(ge=0, le=LARGEST, strict=True)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Line(Strict):
    """A product, by its reference, and units of it."""

    produit: Name
    quantite: Units


class Report(Strict):
    """``le``: when the warehouse did it."""

    le: Moment

    @property
    def order_number(self) -> str:
        return str(getattr(self, "commande", ""))


class Confirmation(Report):
    """What will be served of each line: all, a part, nothing."""

    type: Literal["confirmation"]
    commande: Name
    lignes: Annotated[list[Line], Field(min_length=1, max_length=MOST_LINES)]
    motif: Reason = ""


class Preparation(Report):
    """Somebody took the order in hand."""

    type: Literal["preparation"]
    commande: Name


class Departure(Report):
    """A part of the order, or all of it, left the warehouse."""

    type: Literal["expedition"]
    commande: Name
    expedition: Name
    transporteur: Annotated[str, Field(max_length=60), AfterValidator(_plain)] = ""
    livraison_prevue: date | None = None
    lignes: Annotated[list[Line], Field(min_length=1, max_length=MOST_LINES)]
    colis: Annotated[list[Name], Field(max_length=MOST_PARCELS)] = []

    @model_validator(mode="after")
    def _delivered_after(self) -> Self:
        left_on = self.le.astimezone(PARIS).date()
        day = self.livraison_prevue
        if day is not None and not left_on <= day <= left_on + LATEST_DELIVERY:
            raise ValueError("prévoit la livraison avant le départ, ou plus de six mois après")
        return self


class Tracking(Report):
    """Where a parcel is."""

    type: Literal["suivi"]
    commande: Name
    expedition: Name
    colis: Name
    etat: Annotated[Words, Field(min_length=1)]


class Delivery(Report):
    """A shipment was given to its recipient."""

    type: Literal["livraison"]
    commande: Name
    expedition: Name


class Closing(Report):
    """All that left of each line: the rest will never leave."""

    type: Literal["solde"]
    commande: Name
    lignes: Annotated[list[Line], Field(min_length=1, max_length=MOST_LINES)]
    motif: Reason = ""


class StockCount(Report):
    """Units of each product in the warehouse, those kept for orders included."""

    type: Literal["stock"]
    lignes: Annotated[list[Line], Field(min_length=1, max_length=MOST_LINES)]


class StopAnswer(Report):
    """Whether an order could still be stopped."""

    type: Literal["arret"]
    commande: Name
    arretee: StrictBool
    motif: Reason = ""


AnyReport = Annotated[
    Confirmation
    | Preparation
    | Departure
    | Tracking
    | Delivery
    | Closing
    | StockCount
    | StopAnswer,
    Field(discriminator="type"),
]
_adapter: TypeAdapter[Any] = TypeAdapter(AnyReport)


def read_report(content: object) -> Report:
    """Raise ``UnreadableReportError`` with the first three faults."""
    try:
        report: Report = _adapter.validate_python(content)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        told = [_told(tuple(one["loc"]), one["type"], one["msg"]) for one in faults[:3]]
        raise UnreadableReportError("\u00a0; ".join(told) + ".") from error
    twice = _twice(report)
    if twice:
        raise UnreadableReportError(f"Le produit {twice} est deux fois dans les lignes.")
    return report


def schema() -> dict[str, Any]:
    """The JSON Schema of a report."""
    return {"$schema": SPECIFICATION, "title": "Compte rendu"} | _adapter.json_schema()


def _told(where: tuple[int | str, ...], kind: str, message: str) -> str:
    path = ".".join(str(part + 1) if isinstance(part, int) else part for part in where[1:])
    what = WORDS.get(kind)
    if what is None:
        what = message.removeprefix("Value error, ") if kind == "value_error" else "est mal écrit"
    return f"«\u00a0{path}\u00a0» {what}" if path else f"Ce compte rendu {what}"


def _twice(report: Report) -> str:
    codes = [line.produit for line in getattr(report, "lignes", [])]
    return next((code for code in codes if codes.count(code) > 1), "")
