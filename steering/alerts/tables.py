"""The list of alerts and that of rules, each declared once for its page and its file."""

from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from common.columns import UNDER, Column, Table
from common.cover import Level
from steering.alerts.subjects import Names, subject_of
from steering.alerts.words import rule_text, value_text
from steering.models import Alert, AlertRule


def alerts_table() -> Table:
    return Table(
        "alertes",
        "Alertes",
        [
            Column("Alerte", lambda row: row.subject_label, _name),
            Column("Où", lambda row: row.place),
            Column("Classe", _level_word, level_badge),
            Column("Mesure", value_text, is_number=True),
            Column("Urgence", lambda row: row.rule.get_urgency_display()),
            Column("Depuis", _since, lambda row: day_text(_since(row)), is_number=True),
            Column("État", lambda row: row.get_state_display(), state_text),
            Column("Règle", lambda row: row.rule.label, under=True),
        ],
    )


def _name(row: Alert) -> SafeString:
    return format_html(
        '<a href="{}"><strong>{}</strong><span class="fr-sr-only">, {}</span></a>',
        reverse("steering:alert", args=[row.pk]),
        row.subject_label,
        row.place,
    )


def _level_word(row: Alert) -> str:
    return str(Level(row.level).label) if row.level else ""


def level_badge(row: Alert) -> SafeString | str:
    return badge(row.level) if row.level else "–"


def badge(level: str) -> SafeString:
    one = Level(level)
    return format_html('<span class="app-classe {}">{}</span>', one.css_class, one.label)


def _since(row: Alert) -> datetime:
    return row.opened_at or row.holds_since


def day_text(at: datetime | None) -> str:
    return f"{localtime(at):%d/%m/%Y}" if at else ""


def state_text(row: Alert) -> SafeString | str:
    """The state, and what tells it: by whom, since when."""
    label = row.get_state_display().capitalize()
    if row.state == Alert.State.ACKNOWLEDGED:
        return format_html("{}" + UNDER, label, f"{row.acknowledged_by}")
    if row.state == Alert.State.CLOSED:
        return format_html("{}" + UNDER, label, f"le {day_text(row.closed_at)}")
    if row.state == Alert.State.OPEN:
        return format_html("<strong>{}</strong>" + UNDER, label, row.acted_on_by)
    return label


def rules_table(names: Names) -> Table:
    return Table(
        "regles",
        "Règles d’alerte",
        [
            Column("Règle", lambda row: row.label, _rule_name),
            Column(
                "Ce qu’elle dit",
                lambda row: rule_text(row, subject_of(row, names)),
                is_wide=True,
            ),
            Column("Urgence", lambda row: row.get_urgency_display()),
            Column("Alertes en cours", lambda row: row.under_way, is_number=True),
            Column("État", rule_state),
            Column("Origine", origin, under=True),
        ],
    )


def _rule_name(row: AlertRule) -> SafeString:
    return format_html(
        '<a href="{}"><strong>{}</strong></a>',
        reverse("steering:alert_rule", args=[row.pk]),
        row.label,
    )


def rule_state(row: AlertRule) -> str:
    if not row.is_active:
        return "Arrêtée"
    return f"Appliquée jusqu’au {row.ends_on:%d/%m/%Y}" if row.ends_on else "Appliquée"


def origin(row: AlertRule) -> str:
    return "Fournie avec la plateforme" if row.is_ours else f"Écrite par {row.created_by}"
