"""Alert rules and alerts: `/alertes/`, as two weeks of looks at the demonstration left them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.cover import Level
from config.demo.country import FIRST_REGION
from epi_stocks.models import EpiItem
from establishments.models import Region
from establishments.perimeter import Action
from steering.alerts.evaluation import evaluate
from steering.alerts.filters import ORDER
from steering.models import Alert, AlertEvent, AlertScale, Urgency
from steering.services.alert_looks import look_at_alerts
from steering.services.alert_rules import Typed, create_rule, stop_rule
from steering.services.alerts import acknowledge, comment

DAYS = 14  # of looks, one a day
ADDRESS = "{}@demo.example"
# who acknowledged what they could first, with which words, and what a colleague added
WORDS = (
    ("ars", "Appelé les trois établissements les plus touchés. Entraide proposée ce matin."),
    ("ars2", "Commande passée sur le pot commun, livraison attendue jeudi."),
    (
        "national",
        "Point avec les ARS concernées à 15\u00a0h. Tension déclarée dans Distrilog-Santé.",
    ),
)
COMMENT = "Deux pharmacies confirment qu’elles seront livrées demain."


def build_alerts() -> None:
    """Look as on each of the last days, then let people answer; once."""
    if Alert.objects.exists():
        return
    cell, now = User.objects.get(email=ADDRESS.format("national")), timezone.now()
    begins_on = timezone.localdate() - timedelta(days=DAYS)
    for said in rules():
        create_rule(by=cell, typed=Typed(starts_on=begins_on, **said))
    trial = create_rule(by=cell, typed=Typed(starts_on=begins_on, **TRIAL))
    for back in reversed(range(1, DAYS)):
        look_as_on(now - timedelta(days=back))
    answer()
    stop_rule(by=cell, rule=trial)
    look_at_alerts(now)


def rules() -> list[dict[str, Any]]:
    """What the national cell added to the rules of the platform: two tensions to watch closely."""
    centre, paris = (Region.objects.get(pk=code) for code in (FIRST_REGION, "11"))
    masks = EpiItem.objects.get(code="masques-ffp2")
    return [
        {
            "label": "DCI prioritaire tendue en Centre-Val de Loire",
            "measure": "dci_cover",
            "scale": AlertScale.REGION,
            "region": centre,
            "at_least": Level.TENSE,
            "lasts_days": 2,
            "urgency": Urgency.HIGH,
        },
        {
            "label": "Masques FFP2 tendus en Île-de-France",
            "measure": "epi_cover",
            "subject": str(masks.pk),
            "scale": AlertScale.REGION,
            "region": paris,
            "at_least": Level.TENSE,
            "calm_hours": 0,
            "urgency": Urgency.WATCH,
        },
    ]


TRIAL: dict[str, Any] = {
    "label": "Essai\u00a0: moins de 80\u00a0% des stocks de PUI reçus",
    "measure": "pui_reporting",
    "scale": AlertScale.REGION,
    "threshold": Decimal(80),
    "urgency": Urgency.WATCH,
}


@transaction.atomic
def look_as_on(day: datetime) -> None:
    """Without mails: they would be of the past."""
    evaluate(day)


def answer() -> None:
    for key, words in WORDS:
        user = User.objects.get(email=ADDRESS.format(key))
        mine = Alert.objects.for_user(user, to=Action.ALERT_ACK)
        one = mine.filter(state=Alert.State.OPEN).order_by(*ORDER).first()
        if one:
            acknowledge(by=user, alert=one, word=words)
            settle(one)
    reader = User.objects.get(email=ADDRESS.format("ars.lecteur"))
    mine = Alert.objects.for_user(reader, to=Action.ALERT_ACK).shown()
    if one := mine.order_by(*ORDER).first():
        comment(by=reader, alert=one, word=COMMENT)


def settle(alert: Alert) -> None:
    """Answered some hours ago, not at the moment the demonstration was made."""
    at = timezone.now() - timedelta(hours=5)
    Alert.objects.filter(pk=alert.pk).update(acknowledged_at=at)
    AlertEvent.objects.filter(alert=alert, kind=AlertEvent.Kind.ACKNOWLEDGED).update(at=at)
