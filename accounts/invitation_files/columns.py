"""The columns of a file of invitations: one for the place, the person, and each habilitation."""

from collections.abc import Iterable, Sequence

from django.http import FileResponse

from accounts.models import Domain, Role, User
from common.exports import template_response
from common.tabular import ColumnSpec, Limits
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action

FINESS = ColumnSpec(
    "finess",
    "FINESS",
    ("Numéro FINESS", "N° FINESS", "FINESS géographique", "FINESS juridique", "FINESS ET ou EJ"),
)
NAME = ColumnSpec("name", "Établissement", ("Raison sociale", "Entité"), required=False)
EMAIL = ColumnSpec(
    "email", "Adresse électronique", ("Adresse mail", "E-mail", "Email", "Mail", "Courriel")
)
FIRST_NAME = ColumnSpec("first_name", "Prénom", required=False)
LAST_NAME = ColumnSpec("last_name", "Nom", ("Nom de famille",), required=False)
NOTE = ColumnSpec("note", "Message", required=False)
ROLES: dict[str, tuple[Domain, Role, ColumnSpec]] = {
    name: (domain, role, ColumnSpec(name, header, synonyms, required=False))
    for name, domain, role, header, synonyms in (
        (
            "ape",
            Domain.ADMINISTRATION,
            Role.ADMINISTRATOR,
            "Administrateur principal (APE)",
            ("APE", "Administrateur principal"),
        ),
        (
            "delegated",
            Domain.ADMINISTRATION,
            Role.DELEGATED_ADMINISTRATOR,
            "Administrateur délégué jusqu’au",
            ("Administrateur délégué", "Délégué jusqu’au"),
        ),
        (
            "gf",
            Domain.DISPOSTOCK,
            Role.DECLARANT,
            "Gestionnaire de fichiers (GF)",
            ("GF", "Gestionnaire de fichiers"),
        ),
        ("oie", Domain.EPI_STOCK, Role.INVENTORY_OPERATOR, "Opérateur d’inventaire EPI", ()),
        ("oce", Domain.DISTRILOG, Role.ORDER_OPERATOR, "Opérateur commande EPI", ()),
    )
}
DATED = "delegated"  # its cell holds the last day, and not « oui »
PEOPLE = (FINESS, NAME, EMAIL, FIRST_NAME, LAST_NAME)
COLUMNS = (*PEOPLE, *(column for _, _, column in ROLES.values()), NOTE)
HEADERS = [column.header for column in COLUMNS]
LIMITS = Limits()
NOTES = [
    "Une ligne par personne et par établissement. Gardez la première ligne, celle des titres.",
    "FINESS\u00a0: le numéro de l’établissement (ET) ou de l’entité juridique (EJ), en texte.",
    "Habilitations\u00a0: écrivez « oui » sous chacune de celles à préparer, laissez vide sinon.",
    "Administrateur délégué\u00a0: écrivez son dernier jour, jj/mm/aaaa.",
    "Une ligne sans adresse électronique est laissée de côté.",
    "Rien n’est envoyé avant que vous ayez vu le contrôle du fichier et confirmé.",
]


def columns_for(user: User) -> list[ColumnSpec]:
    """Those of what this person may give somewhere: an APE has no column for other APEs."""
    may_name_ape = bool(user.perimeter_to(Action.PROF_DECIDE_APE))
    return [column for column in COLUMNS if column.name != "ape" or may_name_ape]


def template_for(
    user: User, places: Iterable[Establishment | LegalEntity] = (), ticked: Sequence[str] = ()
) -> FileResponse:
    """The workbook to fill; ``places`` have a line each, with « oui » under ``ticked``."""
    columns = columns_for(user)
    rows = ([_cell(column, place, ticked) for column in columns] for place in places)
    return template_response(
        [column.header for column in columns],
        rows,
        NOTES,
        filename="invitations",
        title="Invitations",
        text_columns={FINESS.header},
    )


def _cell(column: ColumnSpec, place: Establishment | LegalEntity, ticked: Sequence[str]) -> str:
    match column.name:
        case "finess":
            return place.finess
        case "name":
            return place.name
    return "oui" if column.name in ticked else ""
