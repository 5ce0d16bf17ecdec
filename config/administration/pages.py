"""Every page that sets something, by subject: found from one place, with its last change.

The pages themselves belong to their apps. A test holds that each of the pages of settings is here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from common.addresses import fixed_address
from establishments.perimeter import Action

A = Action
LISTS = (
    "medications.follow_up_ended",
    "medications.product_described",
    "medications.product_followed",
    "medications.product_regrouped",
    "medications.frequency_set",
    "medications.priority_changed",
)


RULED = (A.REF_WRITE, A.MED_SETTINGS, A.EPI_SETTINGS, A.QUOTA_WRITE, A.SYS_CONF)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of settings: what it sets, who opens it, and the verbs that tell its last change."""

    label: str
    detail: str
    route: str
    actions: tuple[Action, ...]
    verbs: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return fixed_address(self.route)


@dataclass(frozen=True, slots=True)
class Subject:
    label: str
    pages: Sequence[Page]


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "Nomenclatures",
        (
            Page(
                "Annuaire FINESS",
                "Charger une extraction, voir ce qu’elle changerait, la confirmer.",
                "establishments:imports",
                (A.REF_WRITE,),
                ("finess.confirmed",),
            ),
            Page(
                "Catégories bénéficiaires",
                "Qui peut commander sur le stock de l’État, par catégorie, et depuis quand.",
                "establishments:beneficiary_categories",
                (A.REF_WRITE,),
                (
                    "establishment.category_opened",
                    "establishment.category_closed",
                ),
            ),
            Page(
                "Listes de médicaments suivis",
                "Les UCD suivies, leur priorité nationale, leur regroupement.",
                "medications:settings",
                (A.MED_SETTINGS,),
                LISTS,
            ),
            Page(
                "Vaccins COVID-19",
                "Les vaccins et le nombre de doses par flacon, selon la date.",
                "vaccines:vaccines",
                (A.MED_SETTINGS,),
                ("vaccines.vaccine_described", "vaccines.vaccine_changed", "vaccines.vial_set"),
            ),
            Page(
                "Produits du catalogue",
                "Les références, leurs conditionnements, leurs prix.",
                "orders:products",
                (A.CAT_WRITE,),
                (
                    "orders.product_added",
                    "orders.product_changed",
                    "orders.price_set",
                    "orders.price_withdrawn",
                ),
            ),
        ),
    ),
    Subject(
        "Seuils et doctrines",
        (
            Page(
                "Équipements, seuils et périmètre d’EPI-Stocks",
                "Les équipements comptés, les seuils, les catégories attendues, le calendrier.",
                "epi_stocks:settings",
                (A.EPI_SETTINGS,),
                (
                    "epi_stocks.item_switched",
                    "epi_stocks.thresholds_set",
                    "epi_stocks.category_expected",
                    "epi_stocks.calendar_set",
                ),
            ),
            Page(
                "Seuils de couverture des médicaments",
                "Sous combien de jours un médicament est en rupture, critique ou tendu.",
                "medications:settings_thresholds",
                (A.MED_SETTINGS,),
                ("medications.thresholds_set",),
            ),
            Page(
                "Doctrines de contingentement",
                "Les quantités par lit, place ou professionnel, par catégorie.",
                "orders:doctrines",
                (A.QUOTA_WRITE,),
                ("orders.doctrine_copied", "orders.doctrine_changed", "orders.doctrine_deleted"),
            ),
            Page(
                "Tensions",
                "Les équipements en tension, où, et depuis quand.",
                "orders:tensions",
                (A.QUOTA_WRITE,),
                ("orders.tension_declared", "orders.tension_ended", "orders.tension_cancelled"),
            ),
        ),
    ),
    Subject(
        "Calendriers",
        (
            Page(
                "Fréquence des déclarations de médicaments",
                "Les jours où les pharmacies déclarent, liste par liste.",
                "medications:settings",
                (A.MED_SETTINGS,),
                ("medications.frequency_set",),
            ),
            Page(
                "Campagnes de vaccination contre la grippe",
                "Le début et la fin de chaque campagne, ses publics.",
                "vaccines:flu_campaigns",
                (A.MED_SETTINGS,),
                (
                    "vaccines.flu_campaign_opened",
                    "vaccines.flu_campaign_changed",
                    "vaccines.flu_group_added",
                ),
            ),
            Page(
                "Heure limite et préparation des commandes",
                "Jusqu’à quelle heure une commande se modifie, combien de jours de préparation.",
                "orders:ordering_rules",
                (A.QUOTA_WRITE,),
                ("orders.ordering_rule_set",),
            ),
            Page(
                "Régions servies par le stock de l’État",
                "Les régions ouvertes à la commande, et leurs dates.",
                "orders:served_regions",
                (A.QUOTA_WRITE,),
                ("orders.region_served", "orders.region_stopped"),
            ),
            Page(
                "Jours fériés et règles fixes",
                "Les jours fériés, les délais, les durées de conservation, et ce qui les change.",
                "administration:fixed",
                RULED,
            ),
        ),
    ),
    Subject(
        "Textes",
        (
            Page(
                "Textes du site et annonces",
                "L’accueil public, la connexion, les mentions légales, les annonces datées.",
                "texts:texts",
                (A.HELP_WRITE,),
                (
                    "text.changed",
                    "announcement.set",
                    "announcement.ended",
                ),
            ),
        ),
    ),
    Subject(
        "Logistique et interfaces",
        (
            Page(
                "Acheminement",
                "Les plateformes, les grands établissements, les réacheminements.",
                "orders:routing",
                (A.ROUTE_WRITE,),
                (
                    "orders.platform_saved",
                    "orders.large_list_changed",
                    "orders.reroute_started",
                    "orders.reroute_ended",
                ),
            ),
            Page(
                "Transporteurs",
                "Les adresses où l’on suit un colis.",
                "orders:carriers",
                (A.ROUTE_WRITE,),
                ("orders.carrier_described",),
            ),
            Page(
                "Fichiers de commandes",
                "Les fichiers écrits pour chaque entrepôt, et ceux à rejouer.",
                "orders:order_files",
                (A.IF_META, A.IF_REPLAY),
                ("orders.file_replayed",),
            ),
            Page(
                "Comptes rendus logistiques",
                "Ce que les entrepôts ont envoyé, et ce qui attend une correction.",
                "orders:reports",
                (A.IF_META,),
                ("orders.report_retried", "orders.report_corrected", "orders.report_discarded"),
            ),
            Page(
                "Jetons d’API",
                "Les programmes autorisés, ce qu’ils lisent ou écrivent.",
                "plage:tokens",
                (A.SYS_CONF,),
                (),
            ),
        ),
    ),
    Subject(
        "Santé du service",
        (
            Page(
                "Vue d’ensemble",
                "La base, les travaux, les courriels, le disque.",
                "administration:health",
                (A.SYS_CONF,),
            ),
            Page(
                "Travaux",
                "Ce qui attend, ce qui est en échec, ce qui revient chaque minute ou chaque nuit.",
                "administration:jobs",
                (A.SYS_CONF,),
                ("jobs.retried", "jobs.dismissed"),
            ),
            Page(
                "Courriels",
                "Ceux qui sont partis, ceux qui n’ont pas pu partir, un essai vers soi.",
                "administration:mails",
                (A.SYS_CONF,),
                ("mails.tested",),
            ),
            Page(
                "Objectif et erreurs",
                "Ce que le service promet, ce qu’il en reste ce mois-ci, les incidents.",
                "administration:errors",
                (A.SYS_CONF,),
            ),
            Page(
                "Durées",
                "Les pages et les travaux, du plus long au plus court.",
                "administration:slowness",
                (A.SYS_CONF,),
            ),
            Page(
                "Instructions lentes",
                "Ce que la base met longtemps à faire, et la page qui le demande.",
                "administration:statements",
                (A.SYS_CONF,),
            ),
        ),
    ),
)
ACTIONS = tuple(
    dict.fromkeys(
        action for subject in SUBJECTS for page in subject.pages for action in page.actions
    )
)


def pages() -> Iterator[Page]:
    return (page for subject in SUBJECTS for page in subject.pages)
