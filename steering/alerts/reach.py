"""Which alerts one reads, and where each leads."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from epi_stocks.models import EpiItem
from establishments.perimeter import Action
from steering.alerts.measures import LIST, measure_of
from steering.models import Alert, AlertDomain, AlertScale
from steering.models.alert import READ

NATIONAL_ONLY = [one.slug for one in LIST if one.is_national]


def readable(user: User) -> QuerySet[Alert]:
    """Those of one's domains and territory; the State stock for those who read it."""
    rows: Any = Alert.objects.readable_by(user)
    if not user.perimeter_to(Action.DASH_ORD).is_national:
        rows = rows.exclude(rule__measure__in=NATIONAL_ONLY)
    found: QuerySet[Alert] = rows.select_related("rule", "acknowledged_by")
    return found


def reads_alerts(user: User) -> bool:
    return any(user.may(action) for action in READ)


def is_national(user: User) -> bool:
    return any(user.perimeter_to(action).is_national for action in READ)


def waiting_for(user: User) -> QuerySet[Alert]:
    """Those that this person is to acknowledge: of the country for its cell, else of a region."""
    rows: Any = Alert.objects.for_user(user, to=Action.ALERT_ACK).filter(state=Alert.State.OPEN)
    if is_national(user):  # those of a region wait for its ARS
        rows = rows.filter(Q(scale=AlertScale.COUNTRY) | Q(region_code=""))
    found: QuerySet[Alert] = rows
    return found


def may_acknowledge(user: User, alert: Alert) -> bool:
    return Alert.objects.for_user(user, to=Action.ALERT_ACK).filter(pk=alert.pk).exists()


def source_of(alert: Alert) -> tuple[str, str]:
    """The page that shows the same figure, and what it is called."""
    match alert.domain:
        case AlertDomain.EPI:
            return equipment_page(alert), "Voir dans la visu"
        case AlertDomain.MEDICINES:
            return medicines_page(alert)
    return orders_page(alert), "Voir le tableau de bord des commandes"


def equipment_page(alert: Alert) -> str:
    asked: dict[str, str] = {}
    if alert.scale == AlertScale.SITE:
        return reverse("epi_stocks:visu_establishment", args=[alert.code])
    if code := item_code(alert):
        asked["equipement"] = code
    if alert.region_code:
        asked["region"] = alert.region_code
    if alert.department_code:
        asked["departement"] = alert.department_code
    return address("epi_stocks:visu", asked)


def item_code(alert: Alert) -> str:
    if not alert.subject:
        return ""
    found: str | None = (
        EpiItem.objects.filter(pk=int(alert.subject)).values_list("code", flat=True).first()
    )
    return found or ""


def medicines_page(alert: Alert) -> tuple[str, str]:
    if alert.rule.measure.startswith("pui_"):
        return reverse("pui:late"), "Voir les PUI en retard"
    asked = {"region": alert.region_code or "pays"}
    if alert.department_code:
        asked["departement"] = alert.department_code
    if alert.rule.measure == "dci_cover":
        asked["dci"] = alert.subject_label
    return address("pui:region", asked), "Voir les stocks de la région"


def orders_page(alert: Alert) -> str:
    asked = {"equipement": alert.subject}
    if alert.region_code:
        asked["region"] = alert.region_code
    return address("orders:dashboard", asked)


def address(name: str, asked: dict[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)


def aid_of(user: User, alert: Alert) -> str:
    """Where to propose mutual aid for it; nothing for who may not, or for what is no product."""
    trades = {AlertDomain.EPI: "aid_equipment", AlertDomain.MEDICINES: "aid_medicines"}
    trade = trades.get(AlertDomain(alert.domain))
    is_cover = measure_of(alert.rule.measure).has_levels
    if trade is None or not is_cover or not user.may(Action.AID_PROPOSE):
        return ""
    return reverse(f"{trade}:propose")
