"""The indicators of vaccines, as the registry explains them."""

from datetime import date
from functools import partial
from typing import Final

from common.indicators import Domain, Indicator, Medium, Revision, Shown, Worked
from common.numbers import format_integer
from vaccines.corrections.coverage import Covered, Rank
from vaccines.flu.figures import Figures
from vaccines.vials import packed, total

SPF: Final = "Santé publique France"
CELL: Final = "Cellule nationale (ministère chargé de la santé)"
AT_ONCE: Final = "À l’instant"
FLU: Final = Shown(Medium.SCREEN, "Suivi des vaccins contre la grippe", "vaccines:flu")
FLU_FILE: Final = Shown(Medium.FILE, "Suivi grippe, fichier (CSV, XLSX)")
LINES: Final = Shown(Medium.SCREEN, "Lignes d’approvisionnement COVID-19", "vaccines:followed")
COVERAGE: Final = Shown(Medium.SCREEN, "Couverture par département", "vaccines:coverage")
WAVE: Final = Shown(Medium.SCREEN, "Une vague de livraison", "vaccines:waves")
LINES_FILE: Final = Shown(Medium.FILE, "Vague et lignes, fichiers (CSV, XLSX)")
OPEN: Final = Shown(Medium.OPEN, "Données ouvertes, vaccins reçus", "open_data")
NEEDS: Final = (
    "Besoin de chaque PUI, public par public, pour la saison",
    "«\u00a0Quantité cumulée commandée livrée\u00a0» de chaque PUI",
)
flu = partial(
    Indicator,
    domain=Domain.VACCINES,
    owner=CELL,
    frequency=AT_ONCE,
    history=(Revision(date(2020, 10, 1), "Première définition, campagne 2020-2021."),),
)
covid = partial(
    Indicator,
    domain=Domain.VACCINES,
    owner=SPF,
    frequency=AT_ONCE,
    history=(Revision(date(2021, 1, 11), "Première définition, premières livraisons."),),
)


def season_example() -> Figures:
    return Figures(puis=40, asked=34, needs={1: 1200, 2: 300}, delivered=900)


def asked_example() -> Worked:
    found = season_example()
    return Worked("34 PUI sur 40 ont fait leur demande", f"{found.puis - found.asked} sans demande")


def need_example() -> Worked:
    return Worked(
        "1\u202f200 doses pour un public, 300 pour un autre",
        f"{format_integer(season_example().need or 0)} doses",
    )


def share_example() -> Worked:
    return Worked(
        "900 doses commandées et livrées, besoin de 1\u202f500", season_example().share_text
    )


def vials_example() -> Worked:
    each = [packed(66, 6), packed(13, 6)]
    found = total(each)
    return Worked(
        "Deux destinataires\u00a0: 66 et 13 doses, flacons de 6",
        f"{each[0].vials} + {each[1].vials} = {found.vials} flacons, {found.overfill} doses de "
        f"plus",
    )


def covered_example() -> Covered:
    return Covered("45", "Loiret", "", first=66, second=82, planned=66, received=66, vaccinated=72)


def first_example() -> Worked:
    found = covered_example()
    return Worked("66 doses commandées, 72 personnes vaccinées", found.share(Rank.FIRST))


def second_example() -> Worked:
    found = covered_example()
    return Worked("72 personnes vaccinées, 82 doses de rappel", found.share(Rank.SECOND))


def received_example() -> Worked:
    found = covered_example()
    return Worked("66 doses prévues, 66 reçues", f"{found.received} doses reçues")


INDICATORS: Final = (
    flu(
        slug="demandes-grippe",
        label="Demandes de vaccins grippe faites",
        definition="La part des pharmacies qui ont dit leur besoin pour la saison.",
        formula="PUI qui ont transmis une demande ÷ PUI",
        inputs=NEEDS[:1],
        excluded="Les PUI fermées.",
        unit="%",
        source="Demande de vaccins grippe d’e-Dispostock",
        code="vaccines.flu.figures.figures_by",
        example=asked_example,
        shown=(FLU, FLU_FILE),
        related=("besoin-grippe",),
    ),
    flu(
        slug="besoin-grippe",
        label="Besoin de vaccins grippe",
        definition="Les doses que les pharmacies demandent pour la saison, public par public, "
        "comparées à la saison précédente.",
        formula="Somme des doses demandées",
        inputs=NEEDS[:1],
        excluded="Les publics que la PUI n’a pas remplis\u00a0: vide n’est pas 0.",
        unit="doses",
        source="Demande de vaccins grippe d’e-Dispostock",
        code="vaccines.flu.figures.Figures.need",
        example=need_example,
        shown=(FLU, FLU_FILE),
        related=("quantite-cumulee-livree",),
    ),
    flu(
        slug="quantite-cumulee-livree",
        label="Quantité cumulée commandée livrée",
        definition="Les doses commandées et déjà livrées depuis le début de la campagne, et la "
        "part du besoin qu’elles font.",
        formula="Somme des quantités cumulées ÷ somme des besoins",
        inputs=NEEDS,
        excluded="Les PUI qui n’ont encore rien saisi.",
        unit="doses",
        source="Une seule quantité par PUI\u00a0: commandée et livrée, depuis le début",
        code="vaccines.flu.figures.Figures.share_text",
        example=share_example,
        shown=(FLU, FLU_FILE),
        related=("besoin-grippe",),
    ),
    covid(
        slug="doses-flacons",
        label="Doses et flacons",
        definition="Un besoin se saisit en doses\u00a0; Santé publique France livre des flacons. "
        "Chaque destinataire est arrondi au flacon supérieur, puis les flacons s’additionnent.",
        formula="Pour chaque destinataire\u00a0: doses ÷ doses par flacon, arrondi "
        "au-dessus\u00a0; puis la somme",
        inputs=("Doses prévues, sinon demandées", "Doses par flacon en vigueur à la livraison"),
        excluded="Les lignes dont le besoin n’est pas saisi ou le flacon inconnu.",
        unit="doses et flacons",
        source="Approvisionnement COVID-19 d’e-Dispostock",
        code="vaccines.vials.vials_for",
        example=vials_example,
        shown=(WAVE, LINES_FILE),
        related=("doses-recues",),
    ),
    covid(
        slug="doses-recues",
        label="Doses reçues",
        definition="Les doses que les pharmacies ont confirmé avoir reçues pour leurs "
        "destinataires.",
        formula="Somme des doses des réceptions",
        inputs=("Réceptions saisies par les PUI, ligne par ligne",),
        excluded="Les lignes supprimées.",
        unit="doses",
        source="Approvisionnement COVID-19 d’e-Dispostock",
        code="vaccines.corrections.coverage.coverage_of",
        example=received_example,
        shown=(COVERAGE, LINES, LINES_FILE, OPEN),
        related=("doses-flacons", "premieres-injections"),
    ),
    covid(
        slug="premieres-injections",
        label="Couverture des premières injections",
        definition="Personnes vaccinées pour cent doses commandées en première injection. Elles "
        "peuvent être plus nombreuses que les doses\u00a0: un flacon donne parfois plus que prévu.",
        formula="Personnes vaccinées (1re injection) ÷ doses commandées en 1re injection",
        inputs=("Doses commandées", "Personnes vaccinées saisies par la PUI sur la ligne"),
        excluded="Les lignes où personne n’a saisi les personnes vaccinées.",
        unit="%",
        source="66 doses livrées le 19/01, 72 personnes vaccinées",
        code="vaccines.corrections.coverage.Covered.share",
        example=first_example,
        shown=(COVERAGE, LINES_FILE),
        related=("rappels",),
    ),
    covid(
        slug="rappels",
        label="Couverture des rappels",
        definition="Doses de rappel commandées pour cent personnes ayant reçu leur première "
        "injection. Quand les deux diffèrent, la PUI dit pourquoi en commentaire.",
        formula="Doses commandées en 2e injection ÷ personnes vaccinées (1re injection)",
        inputs=("Doses commandées", "Personnes vaccinées saisies par la PUI sur la ligne"),
        excluded="Les lignes où personne n’a saisi les personnes vaccinées.",
        unit="%",
        source="Autant de rappels que de personnes vaccinées en première injection",
        code="vaccines.corrections.coverage.Covered.share",
        example=second_example,
        shown=(COVERAGE, LINES_FILE),
        related=("premieres-injections",),
    ),
)
