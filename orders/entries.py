"""What the start page offers, by what one may do; each subject adds its lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse

from accounts.models import User
from establishments.perimeter import Action


class Group(StrEnum):
    """A title of the start page, in its order; empty groups are not shown."""

    ORDER = "Commander"
    FOLLOW = "Suivre"
    DECIDE = "Décider"
    LOGISTICS = "Servir les commandes"
    SETTINGS = "Régler"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page to open: ``actions``, one of which is needed."""

    label: str
    text: str
    name: str
    actions: tuple[Action, ...]
    group: Group

    @property
    def url(self) -> str:
        return reverse(self.name)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "Contingents de la semaine",
        "Ce que chacun peut commander, pourquoi, et ce qui en reste.",
        "orders:quota_list",
        (Action.ORD_QUOTA_READ,),
        Group.FOLLOW,
    ),
    Entry(
        "Tensions déclarées",
        "Mettre un équipement en tension, fixer sa fin.",
        "orders:tensions",
        (Action.QUOTA_WRITE,),
        Group.DECIDE,
    ),
    Entry(
        "Contingentement",
        "Préparer une répartition, la comparer, la publier à deux.",
        "orders:allocations",
        (Action.QUOTA_WRITE,),
        Group.DECIDE,
    ),
    Entry(
        "Catalogue",
        "Les équipements en tension, leurs produits, ce qui s’en commande cette semaine.",
        "orders:catalogue",
        (Action.ORD_QUOTA_READ,),
        Group.ORDER,
    ),
    Entry(
        "Produits du consortium",
        "Hors tension, des équipements à acheter, facturés à l’établissement.",
        "orders:consortium",
        (Action.ORD_QUOTA_READ,),
        Group.ORDER,
    ),
    Entry(
        "Demandes de dépannage",
        "Demander à l’ARS ce qui manque, suivre la réponse.",
        "orders:relief",
        (Action.ORD_QUOTA_READ,),
        Group.ORDER,
    ),
    Entry(
        "Adresses de livraison",
        "Celles de FINESS, celles qui attendent une validation.",
        "orders:addresses",
        (Action.ADDR_PROPOSE, Action.ADDR_VALIDATE),
        Group.ORDER,
    ),
    Entry(
        "Mon inscription",
        "Qui joindre à propos de vos commandes.",
        "orders:registration",
        (Action.ORD_WRITE,),
        Group.ORDER,
    ),
    Entry(
        "Commandes",
        "Où elles en sont, leurs colis, ce qui reste à réceptionner.",
        "orders:orders",
        (Action.ORD_READ,),
        Group.FOLLOW,
    ),
    Entry(
        "Réclamations",
        "Ce qui n’allait pas dans une livraison, et les réponses.",
        "orders:claims",
        (Action.CLAIM_OPEN, Action.CLAIM_ANSWER),
        Group.FOLLOW,
    ),
    Entry(
        "Tableau de bord",
        "Contingents utilisés, commandes, délais, besoins non couverts.",
        "orders:dashboard",
        (Action.DASH_ORD,),
        Group.FOLLOW,
    ),
    Entry(
        "Suivi des tensions",
        "Jours de couverture, déclarations, difficultés signalées, tensions en cours.",
        "orders:watch",
        (Action.DASH_ORD,),
        Group.FOLLOW,
    ),
    Entry(
        "Difficultés d’approvisionnement",
        "Signaler un équipement introuvable ou en retard, suivre ce qui en a été fait.",
        "orders:difficulties",
        (Action.ORD_QUOTA_READ,),
        Group.FOLLOW,
    ),
    Entry(
        "Stock par produit et par entrepôt",
        "Ce qui est disponible, réservé, et combien de palettes.",
        "orders:state_stock",
        (Action.STOCK_STATE,),
        Group.FOLLOW,
    ),
    Entry(
        "Factures",
        "Celles des produits du consortium : les lire, les télécharger, suivre Chorus Pro.",
        "orders:invoices",
        (Action.INV_READ,),
        Group.FOLLOW,
    ),
    Entry(
        "Doctrines de contingentement",
        "Combien d’unités par lit, place ou professionnel et par semaine.",
        "orders:doctrines",
        (Action.ORD_QUOTA_READ,),
        Group.FOLLOW,
    ),
    Entry(
        "Capacités",
        "Lits, places et professionnels connus, et leur correction.",
        "orders:capacities",
        (Action.ORD_QUOTA_READ,),
        Group.FOLLOW,
    ),
    Entry(
        "Corrections de capacité",
        "Les nombres que des établissements demandent de corriger.",
        "orders:capacity_requests",
        (Action.CAP_VALIDATE,),
        Group.DECIDE,
    ),
    Entry(
        "Bénéficiaires",
        "Les établissements et entités servis par le stock de l’État, leur logisticien.",
        "orders:beneficiaries",
        (Action.DASH_ORD,),
        Group.SETTINGS,
    ),
    Entry(
        "Convention avec le consortium",
        "Les dates entre lesquelles il vend ses produits ici.",
        "orders:agreement",
        (Action.QUOTA_WRITE,),
        Group.SETTINGS,
    ),
    Entry(
        "Heures et délais des commandes",
        "Jusqu’à quand une commande se modifie, quand elle est promise.",
        "orders:ordering_rules",
        (Action.QUOTA_WRITE,),
        Group.SETTINGS,
    ),
    Entry(
        "Transporteurs",
        "La page où chacun montre ce que deviennent ses colis.",
        "orders:carriers",
        (Action.ROUTE_WRITE,),
        Group.SETTINGS,
    ),
    Entry(
        "Tenir le catalogue",
        "Produits, conditionnements, prix datés et stocks.",
        "orders:products",
        (Action.CAT_WRITE,),
        Group.SETTINGS,
    ),
    Entry(
        "Fichiers de commandes",
        "Ce que chaque entrepôt a reçu à préparer, à télécharger et à accuser.",
        "orders:order_files",
        (Action.IF_GET, Action.IF_META),
        Group.LOGISTICS,
    ),
    Entry(
        "Comptes rendus logistiques",
        "Confirmations, expéditions, livraisons, états de stock\u00a0; ceux en quarantaine.",
        "orders:reports",
        (Action.IF_PUT, Action.IF_META),
        Group.LOGISTICS,
    ),
    Entry(
        "Réassort de La Poste",
        "Ce qui va manquer à l’entrepôt, ce qui est demandé, ce qui arrive.",
        "orders:replenishments",
        (Action.ROUTE_WRITE, Action.IF_PUT),
        Group.LOGISTICS,
    ),
    Entry(
        "Dotations poussées",
        "Envoyer par fichier à des établissements qui ne peuvent plus commander.",
        "orders:pushed",
        (Action.ROUTE_WRITE,),
        Group.LOGISTICS,
    ),
    Entry(
        "Acheminement",
        "Les grands établissements et leurs plateformes, les réacheminements.",
        "orders:routing",
        (Action.ROUTE_WRITE,),
        Group.SETTINGS,
    ),
    Entry(
        "Factures à émettre",
        "Les commandes payantes expédiées et pas encore facturées.",
        "orders:invoices_due",
        (Action.INV_ISSUE,),
        Group.LOGISTICS,
    ),
)


def entries_of(user: User) -> Iterator[Entry]:
    return (one for one in ENTRIES if any(user.may(action) for action in one.actions))


def groups_of(user: User) -> list[tuple[Group, list[Entry]]]:
    """The entries under their titles, those without any left out."""
    entries = list(entries_of(user))
    found = [(group, [one for one in entries if one.group == group]) for group in Group]
    return [(group, offered) for group, offered in found if offered]
