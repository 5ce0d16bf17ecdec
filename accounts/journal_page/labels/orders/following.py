"""What is done in Distrilog-Santé: « Réceptions et dépannages »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Réceptions et dépannages": {
        "orders.reception_confirmed": Label(
            "Livraison réceptionnée", "a réceptionné une livraison"
        ),
        "orders.reception_corrected": Label("Réception corrigée", "a corrigé une réception"),
        "orders.claim_opened": Label("Réclamation ouverte", "a ouvert une réclamation"),
        "orders.claim_continued": Label("Réclamation complétée", "a complété une réclamation"),
        "orders.claim_answered": Label("Réclamation répondue", "a répondu à une réclamation"),
        "orders.claim_closed": Label("Réclamation close", "a clos une réclamation"),
        "orders.carrier_described": Label(
            "Transporteur décrit", "a changé l’adresse de suivi d’un transporteur"
        ),
        "orders.orders_exported": Label("Commandes téléchargées", "a téléchargé des commandes"),
    },
}
