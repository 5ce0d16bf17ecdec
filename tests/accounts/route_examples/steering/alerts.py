"""Alert rules and alerts: `/alertes/`."""

from tests.accounts.route_examples.example import Example, by_number, plain

as_csv = Example(lambda place: ["csv"])

EXAMPLES: dict[str, Example] = {
    "steering:alerts": plain,
    "steering:alerts_file": as_csv,
    "steering:alert_mails": plain,
    "steering:alert": by_number,
    "steering:alert_acknowledge": by_number,
    "steering:alert_comment": by_number,
    "steering:alert_rules": plain,
    "steering:alert_rule": by_number,
    "steering:alert_rule_new": plain,
    "steering:alert_rule_change": by_number,
    "steering:alert_rule_stop": by_number,
    "steering:alert_rule_resume": by_number,
}
