"""The indicators that only the highest floor can tell: what is published for everybody."""

from functools import partial
from typing import Final

from common.indicators import Domain, Indicator, Medium, Shown

CELL: Final = "Cellule nationale (ministère chargé de la santé)"
STATS: Final = Shown(Medium.SCREEN, "Statistiques d’usage", "steering:stats")
HOME: Final = Shown(Medium.SCREEN, "Accueil public", "home")
FILE: Final = Shown(Medium.FILE, "Statistiques d’usage (CSV)", "steering:stats_file")
OPEN: Final = Shown(Medium.OPEN, "Données ouvertes, commandes livrées", "open_data")
usage = partial(
    Indicator,
    domain=Domain.SERVICE,
    frequency="Compté chaque nuit",
    owner=CELL,
    source="Statistiques publiques d’un service de l’État",
    shown=(STATS, FILE),
)

INDICATORS: Final = (
    Indicator(
        slug="unites-livrees",
        label="Unités livrées sur le stock de l’État",
        definition="Unités arrivées des entrepôts de l’État, par région de destination, équipement "
        "et mois de livraison.",
        formula="Somme des unités des expéditions arrivées dans le mois",
        inputs=("Expéditions et leurs lignes", "Date de livraison, sinon de réception"),
        excluded="Les produits payants du consortium\u00a0; ce qui n’est pas encore arrivé.",
        unit="unités",
        frequency="Mensuelle, le 16 du mois suivant",
        owner=CELL,
        source="Comptes rendus d’expédition et de livraison",
        code="steering.open_data.flows.delivered_lines",
        domain=Domain.ORDERS,
        shown=(OPEN,),
        related=("delai-livraison",),
    ),
    usage(
        slug="etablissements-declarants",
        label="Établissements qui déclarent",
        definition="Établissements qui ont saisi au moins un inventaire d’équipements de "
        "protection dans les quatre dernières semaines.",
        formula="Nombre d’établissements différents",
        inputs=("Inventaires hebdomadaires",),
        excluded="Les sites couverts par la déclaration d’un autre.",
        unit="établissements",
        code="steering.figures.counting.count_all",
        shown=(STATS, FILE, HOME),
        related=("inventaires-epi",),
    ),
    usage(
        slug="pui-declarantes",
        label="Pharmacies qui déclarent",
        definition="Pharmacies à usage intérieur qui ont transmis au moins un stock dans les "
        "quatre dernières semaines.",
        formula="Nombre de PUI différentes",
        inputs=("Transmissions confirmées",),
        excluded="Les transmissions abandonnées ou refusées.",
        unit="PUI",
        code="steering.figures.counting.count_all",
        shown=(STATS, FILE, HOME),
        related=("transmissions-pui",),
    ),
    usage(
        slug="inventaires-epi",
        label="Inventaires reçus par semaine",
        definition="Établissements qui ont commencé l’inventaire de la semaine.",
        formula="Nombre d’inventaires de la semaine, 0 compris",
        inputs=("Inventaires hebdomadaires",),
        excluded="Les semaines où rien n’a été saisi.",
        unit="inventaires",
        code="steering.figures.counting.count_all",
        related=("taux-declaration-epi",),
    ),
    usage(
        slug="transmissions-pui",
        label="Stocks transmis par semaine",
        definition="Stocks de pharmacies confirmés dans la semaine, corrections comprises.",
        formula="Nombre de transmissions confirmées",
        inputs=("Transmissions confirmées",),
        excluded="Les brouillons et les transmissions abandonnées.",
        unit="transmissions",
        code="steering.figures.counting.count_all",
        related=("taux-declaration-pui",),
    ),
    usage(
        slug="commandes-transmises",
        label="Commandes transmises",
        definition="Commandes sur le stock de l’État transmises dans les douze dernières semaines, "
        "et combien sont livrées.",
        formula="Nombre de commandes",
        inputs=("Commandes",),
        excluded="Les brouillons et les produits payants du consortium.",
        unit="commandes",
        code="steering.figures.counting.count_all",
        related=("commandes-en-cours",),
    ),
    usage(
        slug="depannages-menes",
        label="Dépannages menés à terme",
        definition="Médicaments et équipements donnés par un établissement à un autre et reçus par "
        "lui.",
        formula="Nombre de transferts reçus",
        inputs=("Transferts d’entraide",),
        excluded="Les transferts refusés, annulés ou en cours.",
        unit="dépannages",
        code="steering.figures.counting.count_all",
        shown=(STATS, FILE, HOME),
        related=("surplus",),
    ),
    usage(
        slug="etablissements-relies",
        label="Établissements reliés",
        definition="Établissements où au moins une personne a un profil actif.",
        formula="Nombre d’établissements différents",
        inputs=("Profils actifs",),
        excluded="Les profils d’une entité juridique, d’une ARS ou du national.",
        unit="établissements",
        code="steering.figures.counting.count_all",
        related=("couverture-ape",),
    ),
    usage(
        slug="personnes-actives",
        label="Personnes actives",
        definition="Personnes connectées au moins une fois dans les trente derniers jours, par "
        "public. Moins de cinq n’est pas dit.",
        formula="Nombre de personnes différentes",
        inputs=("Date de dernière connexion de chaque compte",),
        excluded="Les comptes fermés\u00a0; les publics de moins de cinq personnes.",
        unit="personnes",
        code="steering.figures.counting.count_all",
    ),
)
