"""What anybody may read: open data, figures of usage."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Données publiques": {
        "steering.open_data_published": Label(
            "Données ouvertes publiées", "a publié une période d’un jeu de données"
        ),
        "steering.statistics_kept": Label(
            "Statistiques d’usage comptées", "a compté l’usage de la plateforme"
        ),
    }
}
