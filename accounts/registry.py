"""The indicators of accounts and of who administers, as the registry explains them."""

from datetime import date, timedelta
from functools import partial
from typing import Final

from django.utils import timezone

from accounts.administrators.places import Figures
from accounts.home import oldest
from common.indicators import Domain, Indicator, Medium, Revision, Shown, Worked
from common.numbers import format_percent

AGENCIES: Final = "Agences régionales de santé"
APE: Final = Shown(Medium.SCREEN, "Gestion des APE", "plage:ape")
APE_FILE: Final = Shown(Medium.FILE, "Gestion des APE, fichier (CSV, XLSX)")
REQUESTS: Final = Shown(Medium.SCREEN, "Demandes de profil", "plage:requests")
HOME: Final = Shown(Medium.SCREEN, "Accueil des ARS et de la cellule nationale", "home")
access = partial(
    Indicator,
    domain=Domain.ACCESS,
    frequency="À l’instant",
    history=(Revision(date(2020, 11, 2), "Première définition, à l’ouverture de PLAGE."),),
)


def coverage_example() -> Worked:
    found = Figures(places=320, lonely=48, idle=20)
    held = found.places - found.lonely
    return Worked(
        "320 établissements, dont 48 sans administrateur", format_percent(held, found.places)
    )


def age_example() -> Worked:
    return Worked(
        "Trois demandes, la plus ancienne posée il y a 5 jours",
        oldest(3, timezone.now() - timedelta(days=5)),
    )


INDICATORS: Final = (
    access(
        slug="couverture-ape",
        label="Établissements qui ont un APE",
        definition="La part des établissements ouverts qui ont au moins un administrateur "
        "principal (APE), par eux-mêmes ou par leur entité juridique. Sans lui, personne n’y "
        "valide les accès\u00a0: l’ARS le fait.",
        formula="(établissements − établissements sans APE) ÷ établissements",
        inputs=("Annuaire FINESS", "Habilitations d’administrateur principal en vigueur"),
        excluded="Les établissements fermés\u00a0; les administrateurs délégués ou suspendus.",
        unit="%",
        owner=AGENCIES,
        source="PLAGE, écran «\u00a0Gestion des APE\u00a0»",
        code="accounts.administrators.places.places_within",
        example=coverage_example,
        shown=(APE, APE_FILE),
        related=("demandes-profil",),
    ),
    access(
        slug="demandes-profil",
        label="Demandes de profil à décider",
        definition="Demandes de profil ou d’habilitation qui attendent votre décision, et depuis "
        "quand la plus ancienne attend.",
        formula="Nombre de demandes en attente\u00a0; aujourd’hui − date de la plus ancienne",
        inputs=("Demandes de profil, avec qui peut les décider",),
        excluded="Vos propres demandes\u00a0: personne ne décide de la sienne.",
        unit="demandes, jours",
        owner="APE, ARS et cellule nationale, chacun pour ce qu’il décide",
        source="PLAGE, circuit des demandes",
        code="accounts.home.waiting_requests",
        example=age_example,
        shown=(HOME, REQUESTS),
        related=("couverture-ape",),
    ),
)
