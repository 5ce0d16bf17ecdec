"""The closed list of what a rule may measure: each figure is that of the app which defines it."""

from collections.abc import Mapping
from typing import Final

from steering.alerts.measures import equipment, medicines, orders
from steering.alerts.measures.measure import Measure, Subjects
from steering.models import AlertDomain, AlertScale

EVERYWHERE: Final = (
    AlertScale.SITE,
    AlertScale.DEPARTMENT,
    AlertScale.REGION,
    AlertScale.COUNTRY,
)
TERRITORIES: Final = EVERYWHERE[1:]
LIST: Final = (
    Measure(
        slug="epi_cover",
        label="Couverture d’un équipement",
        domain=AlertDomain.EPI,
        unit="jours",
        scales=EVERYWHERE,
        subjects=Subjects.ITEM,
        has_levels=True,
        is_low_bad=True,
        read=equipment.item_cover,
        formula="Somme des stocks divisée par somme des consommations quotidiennes, là où les deux "
        "sont déclarés cette semaine ou reportés\u00a0: le chiffre de la visu.",
    ),
    Measure(
        slug="epi_reporting",
        label="Inventaires EPI reçus",
        domain=AlertDomain.EPI,
        unit="%",
        scales=TERRITORIES,
        subjects=Subjects.NONE,
        has_levels=False,
        is_low_bad=True,
        read=equipment.reporting_rate,
        formula="Établissements qui ont déclaré, sur ceux attendus, pour la dernière semaine dont "
        "l’échéance (vendredi à 18\u00a0h) est passée.",
    ),
    Measure(
        slug="dci_cover",
        label="Couverture d’une DCI prioritaire",
        domain=AlertDomain.MEDICINES,
        unit="jours",
        scales=EVERYWHERE,
        subjects=Subjects.SUBSTANCE,
        has_levels=True,
        is_low_bad=True,
        read=medicines.substance_cover,
        formula="Somme des stocks des PUI divisée par somme de leurs consommations, à l’échéance "
        "en cours\u00a0: le chiffre des stocks de la région.",
    ),
    Measure(
        slug="reference_cover",
        label="Couverture d’une UCD de référence prioritaire",
        domain=AlertDomain.MEDICINES,
        unit="jours",
        scales=EVERYWHERE,
        subjects=Subjects.REFERENCE,
        has_levels=True,
        is_low_bad=True,
        read=medicines.reference_cover,
        formula="La même couverture, pour un seul dosage d’une DCI prioritaire.",
    ),
    Measure(
        slug="pui_reporting",
        label="Stocks des PUI reçus",
        domain=AlertDomain.MEDICINES,
        unit="%",
        scales=TERRITORIES,
        subjects=Subjects.NONE,
        has_levels=False,
        is_low_bad=True,
        read=medicines.pharmacy_rate,
        formula="PUI qui ont déclaré, sur celles attendues, à la dernière échéance passée.",
    ),
    Measure(
        slug="pui_delay",
        label="Retard d’une PUI",
        domain=AlertDomain.MEDICINES,
        unit="jours",
        scales=(AlertScale.SITE,),
        subjects=Subjects.NONE,
        has_levels=False,
        is_low_bad=False,
        read=medicines.pharmacy_delay,
        formula="Jours écoulés depuis la première échéance que la PUI a manquée.",
    ),
    Measure(
        slug="quota_used",
        label="Contingents commandés",
        domain=AlertDomain.ORDERS,
        unit="%",
        scales=TERRITORIES,
        subjects=Subjects.ITEM,
        has_levels=False,
        is_low_bad=False,
        read=orders.quota_share,
        formula="Quantités commandées cette semaine, sur celles autorisées.",
    ),
    Measure(
        slug="state_stock",
        label="Stock de l’État",
        domain=AlertDomain.ORDERS,
        unit="semaines",
        scales=(AlertScale.COUNTRY,),
        subjects=Subjects.ITEM,
        has_levels=False,
        is_low_bad=True,
        read=orders.state_stock,
        formula="Stock de l’État divisé par la plus forte consommation d’une semaine jamais "
        "déclarée.",
        is_national=True,
    ),
)
MEASURES: Final[Mapping[str, Measure]] = {one.slug: one for one in LIST}


def measure_of(slug: str) -> Measure:
    return MEASURES[slug]
