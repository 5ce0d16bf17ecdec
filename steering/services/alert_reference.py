"""The rules that the platform comes with; loaded again, they change nothing that was decided."""

from datetime import date
from typing import Any, Final

from django.db import transaction

from common.cover import Level
from steering.models import AlertRule, AlertScale, Urgency

FIRST_DAY: Final = date(2020, 3, 1)
OURS: Final[dict[str, dict[str, Any]]] = {
    "dci-rupture-region": {
        "label": "DCI prioritaire en rupture dans une région",
        "measure": "dci_cover",
        "scale": AlertScale.REGION,
        "at_least": Level.SHORTAGE,
        "lasts_days": 2,
        "urgency": Urgency.URGENT,
    },
    "dci-critique-trois-departements": {
        "label": "DCI prioritaire critique dans trois départements d’une région",
        "measure": "dci_cover",
        "scale": AlertScale.DEPARTMENT,
        "at_least": Level.CRITICAL,
        "places": 3,
        "urgency": Urgency.HIGH,
    },
    "dci-tension-nationale": {
        "label": "Tension nationale sur une DCI prioritaire",
        "measure": "dci_cover",
        "scale": AlertScale.REGION,
        "at_least": Level.CRITICAL,
        "places": 3,
        "urgency": Urgency.URGENT,
    },
    "epi-rupture-departement": {
        "label": "Équipement en rupture dans un département",
        "measure": "epi_cover",
        "scale": AlertScale.DEPARTMENT,
        "at_least": Level.SHORTAGE,
        "lasts_days": 1,
        "urgency": Urgency.URGENT,
    },
    "epi-critique-trois-departements": {
        "label": "Équipement critique dans trois départements d’une région",
        "measure": "epi_cover",
        "scale": AlertScale.DEPARTMENT,
        "at_least": Level.CRITICAL,
        "places": 3,
        "urgency": Urgency.HIGH,
    },
    "epi-tension-nationale": {
        "label": "Tension nationale sur un équipement",
        "measure": "epi_cover",
        "scale": AlertScale.REGION,
        "at_least": Level.CRITICAL,
        "places": 3,
        "urgency": Urgency.URGENT,
    },
    "epi-declarations-vendredi": {
        "label": "Moins de 60\u00a0% des inventaires EPI reçus le vendredi",
        "measure": "epi_reporting",
        "scale": AlertScale.REGION,
        "threshold": 60,
        "urgency": Urgency.WATCH,
    },
    "pui-declarations": {
        "label": "Moins de 60\u00a0% des stocks de PUI reçus à l’échéance",
        "measure": "pui_reporting",
        "scale": AlertScale.REGION,
        "threshold": 60,
        "urgency": Urgency.WATCH,
    },
    "contingents-commandes": {
        "label": "Contingents commandés à 90\u00a0% dans une région",
        "measure": "quota_used",
        "scale": AlertScale.REGION,
        "threshold": 90,
        "urgency": Urgency.WATCH,
    },
    "stock-etat": {
        "label": "Stock de l’État sous quatre semaines de pic",
        "measure": "state_stock",
        "scale": AlertScale.COUNTRY,
        "threshold": 4,
        "lasts_days": 1,
        "urgency": Urgency.HIGH,
    },
}


@transaction.atomic
def load_alert_rules() -> int:
    """Add those that were never loaded: a rule that was changed or stopped stays as it is."""
    known = set(AlertRule.objects.exclude(code="").values_list("code", flat=True))
    rows = [
        AlertRule(code=code, starts_on=FIRST_DAY, **said)
        for code, said in OURS.items()
        if code not in known
    ]
    return len(AlertRule.objects.bulk_create(rows))
