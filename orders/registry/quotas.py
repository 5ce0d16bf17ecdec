"""What may be ordered of the State stock, what was, what the quotas leave out."""

from datetime import date
from functools import partial
from typing import Final

from common.indicators import Domain, Indicator, Medium, Revision, Shown, Threshold, Worked
from common.numbers import format_integer
from orders.dashboard.figures import NEARLY_ALL, QuotaFigures
from orders.quotas.sharing import WHOLE, Pool, plan, share_out

CELL: Final = "Cellule nationale (ministère chargé de la santé)"
OPENING: Final = Revision(
    date(2020, 10, 1), "Première définition, à l’ouverture de Distrilog-Santé."
)
BOARD: Final = Shown(Medium.SCREEN, "Tableaux de bord des commandes", "orders:dashboard")
BOARD_FILE: Final = Shown(Medium.FILE, "Tableaux de bord, fichier de chaque tableau (CSV, XLSX)")
OWN: Final = Shown(Medium.SCREEN, "Contingents de l’établissement", "orders:quota_list")
CATALOGUE: Final = Shown(Medium.SCREEN, "Catalogue et panier", "orders:catalogue")
SHARES: Final = Shown(Medium.SCREEN, "Répartitions d’un contingentement", "orders:allocations")
COMPARE: Final = Shown(Medium.SCREEN, "Comparer deux répartitions", "orders:allocation_compare")
WATCH: Final = Shown(Medium.SCREEN, "Suivi des tensions", "orders:watch")
EXAMPLE: Final = QuotaFigures(
    beneficiaries=40, exhausted=6, granted=12000, used=9300, need=20000, unserved=8000
)
GRANTED: Final = (
    "Contingents publiés de la semaine, un par bénéficiaire et par équipement",
    "Contingents exceptionnels accordés dans la semaine",
)
USED: Final = (*GRANTED, "Commandes transmises sur ces contingents")
quotas = partial(
    Indicator,
    domain=Domain.ORDERS,
    owner=CELL,
    frequency="Recalculé chaque minute\u00a0; à l’instant pour un établissement",
    history=(OPENING,),
)


def used_example() -> Worked:
    return Worked("9\u202f300 unités commandées, 12\u202f000 autorisées", EXAMPLE.share_text)


def granted_example() -> Worked:
    whole = QuotaFigures(granted=1200) + QuotaFigures(granted=300)
    return Worked(
        "Contingent de 1\u202f200, contingent exceptionnel de 300",
        f"{format_integer(whole.granted)} unités autorisées",
    )


def left_example() -> Worked:
    found = QuotaFigures(granted=1200, used=300)
    return Worked("1\u202f200 autorisées, 300 commandées", f"il reste {format_integer(found.left)}")


def unserved_example() -> Worked:
    return Worked(
        "Besoin calculé de 20\u202f000 unités, 8\u202f000 non autorisées",
        EXAMPLE.unserved_share_text,
    )


def exhausted_example() -> Worked:
    given = "40 contingents, dont 6 avec moins d’un colis restant"
    return Worked(given, f"{EXAMPLE.exhausted} épuisés sur {EXAMPLE.beneficiaries}")


def served_example() -> Worked:
    found = share_out({10: 3, 40: 1}, packs=35, floor=1)
    return Worked(
        "Trois besoins de 10 colis et un de 40, 35 colis à répartir",
        f"{100 * found.level // WHOLE}\u00a0% de chaque besoin, {found.total} colis répartis",
    )


def pools_example() -> Worked:
    pool = Pool(units=10_000, pack=100, floor=0, percent=5_00)
    found = plan(pool, {}, {"24": 3, "53": 1}).pools
    first, second = (format_integer(packs * pool.pack) for packs in found.values())
    return Worked(
        "10\u202f000 unités en colis de 100, 5\u00a0% aux pots communs, deux régions dont l’une a "
        "trois fois le besoin de l’autre",
        f"{format_integer(sum(found.values()) * pool.pack)} unités\u00a0: {first} et {second}",
    )


def pool_example() -> Worked:
    pool = QuotaFigures(granted=5000, used=1250)
    return Worked(
        "Pot commun de 5\u202f000 unités, 1\u202f250 commandées par l’ARS",
        f"{pool.share_text}, il reste {format_integer(pool.left)}",
    )


def nearly_all() -> list[Threshold]:
    return [Threshold("Signalé à partir de", f"{NEARLY_ALL}\u00a0% commandés")]


QUOTAS: Final = (
    quotas(
        slug="contingent-autorise",
        label="Contingent autorisé",
        definition="Ce qu’un bénéficiaire peut commander gratuitement sur le stock de l’État cette "
        "semaine. Sa page «\u00a0Pourquoi ce contingent\u00a0?\u00a0» montre la multiplication "
        "avec ses propres nombres.",
        formula="Capacité × ratio de la doctrine × part du besoin servie, en colis entiers, plus "
        "les contingents exceptionnels",
        inputs=("Lits, places et professionnels", "Doctrine en vigueur", *GRANTED),
        excluded="Les contingents non publiés\u00a0; le pot commun régional.",
        unit="unités",
        source="Distrilog-Santé\u00a0: contingentement par la cellule nationale",
        code="orders.quotas.sharing.share_of",
        example=granted_example,
        shown=(OWN, CATALOGUE, BOARD, BOARD_FILE),
        related=("contingent-utilise", "contingent-restant"),
    ),
    quotas(
        slug="contingent-utilise",
        label="Contingents utilisés",
        definition="La part des unités autorisées qui a été commandée. Une commande annulée rend "
        "ses unités. Pour un territoire, c’est un rapport de sommes.",
        formula="Somme des unités commandées ÷ somme des unités autorisées",
        inputs=USED,
        excluded="Les pots communs régionaux, les dotations poussées, les produits payants.",
        unit="%",
        source="Distrilog-Santé\u00a0: «\u00a0300/1\u202f200\u00a0», commandé sur autorisé",
        code="orders.dashboard.figures.QuotaFigures.share",
        example=used_example,
        shown=(BOARD, BOARD_FILE, OWN, CATALOGUE, WATCH),
        thresholds=nearly_all,
        related=("contingent-restant", "contingents-epuises"),
    ),
    quotas(
        slug="contingent-restant",
        label="Contingent restant",
        definition="Ce qui peut encore être commandé cette semaine. Il ne se reporte pas\u00a0: il "
        "repart à neuf chaque lundi.",
        formula="Unités autorisées − unités commandées",
        inputs=USED,
        excluded="Rien\u00a0: jamais moins de 0, la base l’interdit.",
        unit="unités",
        source="Distrilog-Santé\u00a0: le contingent se renouvelle chaque semaine",
        code="orders.models.Quota.remaining",
        example=left_example,
        shown=(OWN, CATALOGUE),
        related=("contingent-utilise",),
    ),
    quotas(
        slug="contingents-epuises",
        label="Contingents épuisés",
        definition="Contingents où il reste moins d’un colis\u00a0: plus rien ne s’y commande "
        "avant lundi.",
        formula="Nombre de contingents dont le reste est inférieur à un colis",
        inputs=USED,
        excluded="Les contingents à 0 dès l’origine.",
        unit="contingents",
        source="Choix de la plateforme",
        code="orders.dashboard.figures.QuotaFigures",
        example=exhausted_example,
        shown=(BOARD, BOARD_FILE),
        related=("contingent-utilise",),
    ),
    quotas(
        slug="besoin-non-couvert",
        label="Besoins non couverts",
        definition="La part du besoin calculé selon la doctrine que les contingents n’autorisent "
        "pas, additionnée établissement par établissement.",
        formula="Somme des besoins non autorisés ÷ somme des besoins",
        inputs=("Besoin calculé par le contingentement", *GRANTED),
        excluded="Les bénéficiaires dont la capacité est inconnue.",
        unit="%",
        source="Contingentement\u00a0: besoin selon la doctrine",
        code="orders.dashboard.figures.QuotaFigures.unserved_share_text",
        example=unserved_example,
        shown=(BOARD, BOARD_FILE),
        related=("part-servie",),
    ),
    quotas(
        slug="part-servie",
        label="Part du besoin servie",
        definition="Quand le stock ne suffit pas, chacun reçoit la même part de son besoin, au "
        "colis près, et jamais moins que le plancher.",
        formula="Plus haute part telle que la somme des parts tient dans le stock réparti",
        inputs=("Besoin de chaque bénéficiaire, en colis", "Quantité à répartir", "Plancher"),
        excluded="Les bénéficiaires sans besoin calculé.",
        unit="%",
        source="Partage équitable (docs/contingentement.md)",
        code="orders.quotas.sharing.share_out",
        example=served_example,
        shown=(SHARES, COMPARE),
        related=("contingent-autorise",),
    ),
    quotas(
        slug="pots-communs",
        label="Pots communs des régions",
        definition="Ce qu’une répartition met de côté chaque semaine pour les ARS, qui dépannent "
        "avec. Ce qu’elles en ont commandé est un autre indicateur, en pourcentage.",
        formula="Quantité de la semaine × part des pots communs, en colis entiers, entre les "
        "régions selon leurs besoins",
        inputs=("Quantité par semaine", "Part des pots communs", "Besoins calculés des régions"),
        excluded="Les régions où l’équipement n’est pas en tension\u00a0; la réserve.",
        unit="unités",
        frequency="À chaque calcul d’une répartition",
        source="Distrilog-Santé\u00a0: chaque ARS dispose d’un pot commun",
        code="orders.quotas.sharing.plan",
        example=pools_example,
        shown=(SHARES, COMPARE),
        related=("pot-commun", "contingent-autorise"),
    ),
    quotas(
        slug="pot-commun",
        label="Pot commun régional utilisé",
        definition="Ce que chaque ARS a commandé de sa réserve régionale, pour dépanner.",
        formula="Unités commandées par les ARS ÷ unités des pots communs de la semaine",
        inputs=("Pots communs de la semaine", "Commandes des ARS"),
        excluded="Les commandes annulées, qui rendent leurs unités.",
        unit="%",
        source="Distrilog-Santé\u00a0: chaque ARS dispose d’un pot commun",
        code="orders.dashboard.reading.pools_of",
        example=pool_example,
        shown=(BOARD,),
        related=("pots-communs", "contingent-utilise"),
    ),
)
