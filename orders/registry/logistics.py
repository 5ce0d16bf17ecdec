"""What the State holds, how fast it reaches those who order, what is said to be lacking."""

from functools import partial
from typing import Final

from common.indicators import Domain, Indicator, Medium, Shown, Threshold, Worked
from common.numbers import format_integer
from orders.dashboard.figures import LA_POSTE_PALLETS, TARGET_WEEKS, Delays, ItemStock, days_text
from orders.logistics.needs import COVER_DAYS, TARGET_DAYS, WATCHED_DAYS, Supply, pallets_of
from orders.models import Product
from orders.registry.quotas import BOARD, BOARD_FILE, CELL, OPENING, WATCH

SPF: Final = "Santé publique France"
STOCK: Final = Shown(Medium.SCREEN, "Stock de l’État", "orders:state_stock")
SUPPLY: Final = Shown(Medium.SCREEN, "Réassort de La Poste", "orders:replenishments")
RELIEF: Final = Shown(Medium.SCREEN, "Demandes de dépannage", "orders:relief")
ORDERS: Final = Shown(Medium.SCREEN, "Commandes", "orders:orders")
LEVELS: Final = (
    "Dernier état de stock de chaque entrepôt",
    "Unités réservées par les commandes",
)
orders = partial(
    Indicator,
    domain=Domain.ORDERS,
    owner=CELL,
    frequency="À l’instant",
    history=(OPENING,),
)


def delay_example() -> Worked:
    found = Delays({2: 30, 3: 15, 9: 5})
    return Worked(
        "30 commandes livrées en 2 jours, 15 en 3 et 5 en 9",
        f"médiane {days_text(found.median)}, 90\u00a0% en {days_text(found.p90)}",
    )


def weeks_example() -> Worked:
    found = ItemStock(available=600_000, reserved=100_000, peak_daily=20_000)
    return Worked(
        "700\u202f000 unités en stock, plus forte consommation\u00a0: 20\u202f000 par jour",
        f"{found.weeks_text} semaines de pic",
    )


def pallets_example() -> Worked:
    found = pallets_of(Product(units_per_pallet=1000), 12_300)
    return Worked("12\u202f300 unités, 1\u202f000 par palette", f"{found} palettes")


def supply_example() -> Worked:
    found = Supply(Product(), available=900, reserved=0, ordered=2100, at_spf=0, coming=0)
    given = f"900 unités libres, 2\u202f100 commandées en {WATCHED_DAYS}\u00a0jours"
    return Worked(given, f"{found.cover}\u00a0jours de commandes")


def target() -> list[Threshold]:
    return [
        Threshold("Stock stratégique", f"{TARGET_WEEKS}\u00a0semaines de pic"),
        Threshold("Entrepôt de La Poste", f"{format_integer(LA_POSTE_PALLETS)}\u00a0palettes"),
    ]


def supply_limits() -> list[Threshold]:
    return [
        Threshold("Réassort proposé sous", f"{COVER_DAYS}\u00a0jours de commandes"),
        Threshold("Pour revenir à", f"{TARGET_DAYS}\u00a0jours"),
    ]


LOGISTICS: Final = (
    orders(
        slug="commandes-en-cours",
        label="Commandes en cours",
        definition="Commandes transmises qui ne sont ni livrées, ni annulées, ni refusées.",
        formula="Transmises, confirmées, en préparation ou expédiées",
        inputs=("Commandes des douze dernières semaines", "Comptes rendus des logisticiens"),
        excluded="Les brouillons\u00a0; les produits payants du consortium.",
        unit="commandes",
        source="Distrilog-Santé, états d’une commande",
        code="orders.dashboard.board.Board.under_way",
        shown=(BOARD, BOARD_FILE, ORDERS),
        related=("delai-livraison",),
    ),
    orders(
        slug="delai-livraison",
        label="De la commande à la livraison",
        definition="Le délai dans lequel la moitié des commandes est arrivée, et celui des neuf "
        "dixièmes. Une médiane\u00a0: quelques commandes perdues ne la déplacent pas.",
        formula="Jour où la dernière expédition est livrée − jour de transmission, médiane",
        inputs=("Commandes livrées parmi celles des douze dernières semaines",),
        excluded="Les commandes pas encore livrées.",
        unit="jours",
        source="Comptes rendus de livraison, sinon réception par l’établissement",
        code="orders.dashboard.figures.Delays.at",
        example=delay_example,
        shown=(BOARD, BOARD_FILE),
        related=("commandes-en-cours",),
    ),
    orders(
        slug="semaines-de-pic",
        label="Stock de l’État en semaines de pic",
        definition="Combien de semaines le stock de l’État tiendrait à la plus forte consommation "
        "jamais déclarée par le pays.",
        formula="(disponible + réservé) ÷ (7 × plus forte consommation quotidienne), au dixième "
        "inférieur",
        inputs=(*LEVELS, "Consommations déclarées dans EPI-Stocks, semaine par semaine"),
        excluded="Les équipements dont aucune consommation n’a été déclarée.",
        unit="semaines",
        owner=SPF,
        source="Stock stratégique dimensionné sur dix semaines de pic",
        code="orders.dashboard.figures.ItemStock.weeks",
        example=weeks_example,
        shown=(BOARD, STOCK, BOARD_FILE),
        thresholds=target,
        related=("palettes",),
    ),
    orders(
        slug="palettes",
        label="Palettes à l’entrepôt de La Poste",
        definition="La place prise dans l’entrepôt, produit par produit, à la palette supérieure.",
        formula="Somme de (disponible + réservé) ÷ unités par palette, arrondi au-dessus",
        inputs=(*LEVELS, "Unités par palette de chaque produit"),
        excluded="Les produits sans nombre d’unités par palette.",
        unit="palettes",
        owner=SPF,
        source="Entrepôt de 20\u202f000 palettes",
        code="orders.dashboard.reading.pallets_of_la_poste",
        example=pallets_example,
        shown=(BOARD, STOCK, SUPPLY),
        thresholds=target,
        related=("semaines-de-pic", "jours-de-commandes"),
    ),
    orders(
        slug="jours-de-commandes",
        label="Jours de commandes à La Poste",
        definition="Combien de jours le stock libre de l’entrepôt, et ce qui y arrive, tiendrait "
        "au rythme des dernières commandes.",
        formula=f"(libre + en route) ÷ unités commandées par jour sur {WATCHED_DAYS} jours",
        inputs=(*LEVELS, "Commandes récentes", "Réassorts en route"),
        excluded="Les produits que personne ne commande.",
        unit="jours",
        owner=SPF,
        source="Demandes de réassort du stock de La Poste",
        code="orders.logistics.needs.Supply.cover",
        example=supply_example,
        shown=(SUPPLY,),
        thresholds=supply_limits,
        related=("palettes",),
    ),
    orders(
        slug="equipements-en-tension",
        label="Équipements en tension",
        definition="Équipements que la cellule nationale a déclarés en tension aujourd’hui, pour "
        "le pays ou une région\u00a0: le stock de l’État s’y commande, gratuitement et dans la "
        "limite d’un contingent.",
        formula="Nombre d’équipements dont une tension est en vigueur à la date",
        inputs=("Tensions déclarées, avec leurs dates et leurs régions",),
        excluded="Les tensions closes ou à venir.",
        unit="équipements",
        source="Distrilog-Santé\u00a0: en tension, hors tension",
        code="orders.tension.watching.Watch.in_tension",
        shown=(WATCH,),
        related=("couverture-epi",),
    ),
    orders(
        slug="difficultes",
        label="Difficultés d’approvisionnement ouvertes",
        definition="Ce que les établissements signalent ne plus trouver chez leurs fournisseurs.",
        formula="Nombre de difficultés signalées et pas closes",
        inputs=("Signalements de la cellule de suivi",),
        excluded="Les difficultés closes.",
        unit="difficultés",
        source="Difficultés remontées à la cellule de suivi",
        code="orders.tension.watching.Watched",
        shown=(WATCH,),
        related=("equipements-en-tension",),
    ),
    orders(
        slug="depannages-a-traiter",
        label="Demandes de dépannage à traiter",
        definition="Demandes adressées à l’ARS par des établissements à qui leur contingent ne "
        "suffit pas, et qui attendent sa réponse.",
        formula="Nombre de demandes ouvertes",
        inputs=("Demandes de dépannage",),
        excluded="Les demandes servies, refusées ou retirées.",
        unit="demandes",
        domain=Domain.AID,
        source="Faire appel à son ARS et demander à être dépanné d’une certaine quantité",
        code="orders.dashboard.reading.waiting_relief",
        shown=(RELIEF, BOARD),
        related=("pot-commun", "surplus"),
    ),
)
