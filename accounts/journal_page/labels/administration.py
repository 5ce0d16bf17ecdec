"""What the operator of the service does."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Exploitation": {
        "jobs.retried": Label("Travaux relancés", "a relancé des travaux en échec"),
        "jobs.dismissed": Label("Échecs classés", "a classé des travaux en échec"),
        "mails.tested": Label("Courriel d’essai envoyé", "s’est envoyé un courriel d’essai"),
    },
}
