"""The situation of a region or of the country, its weekly bulletin: `/situation/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Bulletin de la semaine": {
        "steering.bulletin_published": Label("Bulletin publié", "a publié le bulletin"),
        "steering.bulletin_corrected": Label(
            "Bulletin corrigé", "a publié une correction du bulletin"
        ),
        "steering.bulletin_word_written": Label(
            "Mot de la cellule écrit", "a écrit le mot de la cellule du prochain bulletin"
        ),
        "steering.bulletin_exported": Label("Bulletin téléchargé", "a téléchargé un bulletin"),
        "steering.digest_subscribed": Label(
            "Abonnement au bulletin", "s’est abonné au bulletin par courriel"
        ),
        "steering.digest_unsubscribed": Label(
            "Fin d’abonnement au bulletin", "ne reçoit plus le bulletin par courriel"
        ),
    },
}
