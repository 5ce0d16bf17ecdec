"""What is done to the service itself: its words, its jobs."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Textes du site": {
        "text.changed": Label("Texte changé", "a changé un texte du site"),
        "announcement.set": Label("Annonce écrite", "a écrit une annonce"),
        "announcement.ended": Label("Annonce retirée", "a retiré une annonce"),
    },
    "Exploitation": {
        "jobs.retried": Label("Travaux relancés", "a relancé des travaux en échec"),
        "jobs.dismissed": Label("Échecs classés", "a classé des travaux en échec"),
        "journal.purged": Label("Journal purgé", "a retiré les entrées au terme de leur délai"),
        "mails.tested": Label("Courriel d’essai envoyé", "s’est envoyé un courriel d’essai"),
    },
}
