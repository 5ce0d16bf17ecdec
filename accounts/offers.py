"""What one may ask for on an entity: the habilitations that exist there, and what each allows."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.deciders import Entity, level_of
from accounts.grants import ROLE_CODES, SITE
from accounts.models import Domain, Level, Role
from establishments.models import (
    AdministrativeBody,
    Establishment,
    EstablishmentCategory,
    LegalEntity,
)
from establishments.rules import (
    OrderingNumber,
    is_beneficiary,
    is_beneficiary_entity,
    ordering_number,
)

Place = Establishment | LegalEntity
# groups of categories, as FINESS names them, that have no hospital pharmacy: trade, training
WITHOUT_PHARMACY = ("32", "61", "62", "63")
ACRONYMS = {Role.DECLARANT: " (GF)", Role.ADMINISTRATOR: " (APE)"}
ALLOWS = {
    ("GF", Domain.DISPOSTOCK): (
        "Décrire la pharmacie (PUI), transmettre ses stocks de médicaments et de vaccins, saisir "
        "les besoins et les réceptions."
    ),
    ("OIE", Domain.EPI_STOCK): (
        "Remplir chaque semaine l’inventaire des équipements de protection, pour tous les sites "
        "de l’entité juridique."
    ),
    ("OCE", Domain.DISTRILOG): (
        "Commander sur le stock de l’État, suivre les commandes et confirmer les réceptions."
    ),
    ("APE", Domain.ADMINISTRATION): (
        "Décider des demandes de profil, inviter, suspendre, suivre tout ce que fait l’entité."
    ),
    ("ARA", Domain.ADMINISTRATION): (
        "Nommer les administrateurs d’établissement, décider des demandes de la région, suivre et "
        "exporter ses données."
    ),
    ("ARL", Domain.DISPOSTOCK): "Consulter et exporter les stocks de médicaments de la région.",
    ("ARL", Domain.EPI_STOCK): "Consulter et exporter les inventaires d’EPI de la région.",
    ("ARL", Domain.DISTRILOG): "Consulter et exporter les commandes de la région.",
    ("OMD", Domain.DISPOSTOCK): (
        "Suivre les médicaments et les vaccins de la région, corriger les lignes de vaccins."
    ),
    ("DEP", Domain.EPI_STOCK): "Consulter les inventaires d’EPI des établissements du département.",
    ("NAT", Domain.ADMINISTRATION): (
        "Décider, à deux, des profils régionaux et nationaux, inviter les administrateurs des ARS."
    ),
    ("NAT", Domain.DISPOSTOCK): "Fixer les listes suivies, répartir les médicaments prioritaires.",
    (
        "NAT",
        Domain.EPI_STOCK,
    ): "Suivre le pays entier, régler les articles, les seuils, les délais.",
    (
        "NAT",
        Domain.DISTRILOG,
    ): "Déclarer une tension, fixer les contingents, choisir le logisticien.",
    ("NAL", Domain.ADMINISTRATION): "Consulter l’annuaire des établissements et les nomenclatures.",
    ("NAL", Domain.DISPOSTOCK): "Consulter et exporter les stocks de médicaments du pays.",
    ("NAL", Domain.EPI_STOCK): "Consulter et exporter les inventaires d’EPI du pays.",
    ("NAL", Domain.DISTRILOG): "Consulter et exporter les commandes du pays.",
    ("SPF", Domain.DISPOSTOCK): "Créer les vagues de vaccins, saisir les livraisons.",
    ("SPF", Domain.DISTRILOG): "Recevoir les commandes à servir, rendre compte des livraisons.",
    ("LPO", Domain.DISTRILOG): "Recevoir les commandes à servir, rendre compte des livraisons.",
    ("CSM", Domain.DISTRILOG): "Tenir les produits hors tension, leurs prix, leurs factures.",
    ("SUP", Domain.ADMINISTRATION): "Aider les personnes à se connecter, répondre à l’assistance.",
    (
        "TEC",
        Domain.ADMINISTRATION,
    ): "Régler la plateforme, sans voir les données des établissements.",
    ("AUD", Domain.ADMINISTRATION): "Lire le journal de tout ce qui a été fait.",
}
ORDER = (Domain.DISPOSTOCK, Domain.EPI_STOCK, Domain.DISTRILOG, Domain.ADMINISTRATION)
DELEGATED = (
    "Décider des demandes comme l’administrateur principal, jusqu’à une date fixée à l’accord."
)
POOL = "Commander sur le pot commun de la région, avec l’adresse de livraison de votre choix."


@dataclass(frozen=True, slots=True)
class Offer:
    """A habilitation one may ask for: what it is called, what it allows, who decides of it."""

    domain: Domain
    role: Role
    code: str  # of the access matrix
    allows: str
    level: Level

    @property
    def value(self) -> str:
        """As forms and addresses write it: « dispostock:declarant »."""
        return f"{self.domain.value}:{self.role.value}"

    @property
    def title(self) -> str:
        return _title(self.domain, self.role, self.code)


@dataclass(frozen=True, slots=True)
class Closed:
    """A habilitation that exists for other places, and why not here."""

    domain: Domain
    role: Role
    why: str
    number: OrderingNumber | None = None  # the one to choose instead

    @property
    def title(self) -> str:
        return f"{self.domain.label} : {self.role.label}"


def roles_offered(entity: Entity) -> list[Offer]:
    """The habilitations that exist for this kind and category of entity."""
    kind = entity.kind if isinstance(entity, AdministrativeBody) else SITE
    closed = {(one.domain, one.role) for one in roles_closed(entity)}
    offers = [
        Offer(domain, role, code, _allows(code, domain, role, kind), level_of(entity, [role]))
        for (domain, role, of_kind), code in ROLE_CODES.items()
        if of_kind == kind and (domain, role) not in closed
    ]
    return sorted(offers, key=lambda offer: ORDER.index(offer.domain))


def roles_closed(entity: Entity) -> list[Closed]:
    """The habilitations that this entity does not have, each with the reason."""
    if isinstance(entity, AdministrativeBody):
        return []
    return [one for one in (_without_pharmacy(entity), _without_orders(entity)) if one]


def ordering_number_of(place: Place) -> OrderingNumber | None:
    """The number that serves for the orders of an entity, or of its first open site [003]."""
    if isinstance(place, Establishment):
        return ordering_number(place)
    sites = place.establishments.open().select_related("legal_entity__legal_status")
    site = sites.order_by("finess").first()
    return ordering_number(site) if site else None


def _without_pharmacy(place: Place) -> Closed | None:
    """A category of trade or training has no PUI; an entity has one by any of its open sites."""
    if isinstance(place, Establishment):
        groups = [place.category.aggregate_code] if place.category else []
    else:
        sites = place.establishments.open()
        categories = EstablishmentCategory.objects.filter(pk__in=sites.values("category"))
        groups = list(categories.values_list("aggregate_code", flat=True))
    if not groups or any(not group.startswith(WITHOUT_PHARMACY) for group in groups):
        return None
    why = "Sa catégorie n’a pas de pharmacie à usage intérieur (PUI)."
    return Closed(Domain.DISPOSTOCK, Role.DECLARANT, why)


def _without_orders(place: Place) -> Closed | None:
    """Orders are for beneficiaries, at one number: on the other a profile would open nothing."""
    today = timezone.localdate()
    if isinstance(place, Establishment):
        answer = is_beneficiary(place, today)
    else:
        answer = is_beneficiary_entity(place, today)
    if not answer.yes:
        return Closed(Domain.DISTRILOG, Role.ORDER_OPERATOR, answer.why)
    number = ordering_number_of(place)
    if number is None or number.finess == place.finess:
        return None
    return Closed(Domain.DISTRILOG, Role.ORDER_OPERATOR, _why_elsewhere(place, number), number)


def _why_elsewhere(place: Place, number: OrderingNumber) -> str:
    if isinstance(place, Establishment):
        return number.why
    return "Les commandes se font au numéro de chaque établissement (ET), non à celui de l’entité."


def _allows(code: str, domain: Domain, role: Role, kind: str) -> str:
    if role == Role.DELEGATED_ADMINISTRATOR:
        return DELEGATED
    if role == Role.ORDER_OPERATOR and kind != SITE:
        return POOL
    return ALLOWS[code, domain]


def _title(domain: Domain, role: Role, code: str) -> str:
    return f"{domain.label} : {role.label}{ACRONYMS.get(role, '') if code in ('GF', 'APE') else ''}"
