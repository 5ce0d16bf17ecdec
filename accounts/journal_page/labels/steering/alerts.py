"""Alert rules and alerts: `/alertes/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Alertes": {
        "steering.alert_acknowledged": Label("Alerte acquittée", "a acquitté une alerte"),
        "steering.alert_commented": Label("Alerte commentée", "a commenté une alerte"),
        "steering.alerts_exported": Label("Alertes exportées", "a exporté les alertes"),
        "steering.alert_mails_chosen": Label(
            "Courriels d’alerte choisis", "a choisi la fréquence de ses courriels d’alerte"
        ),
        "steering.alert_rule_created": Label("Règle d’alerte créée", "a écrit une règle d’alerte"),
        "steering.alert_rule_changed": Label(
            "Règle d’alerte changée", "a changé une règle d’alerte"
        ),
        "steering.alert_rule_stopped": Label(
            "Règle d’alerte arrêtée", "a arrêté une règle d’alerte"
        ),
        "steering.alert_rule_resumed": Label(
            "Règle d’alerte reprise", "a repris une règle d’alerte"
        ),
    },
}
