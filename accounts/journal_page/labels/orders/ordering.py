"""What is done in Distrilog-Santé: « Commandes »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Commandes": {
        "orders.order_sent": Label("Commande transmise", "a transmis une commande"),
        "orders.order_changed": Label("Commande modifiée", "a modifié une commande"),
        "orders.order_cancelled": Label("Commande annulée", "a annulé une commande"),
        "orders.stop_asked": Label("Arrêt demandé", "a demandé l’arrêt d’une commande"),
        "orders.watch_asked": Label(
            "Retour en stock attendu", "a demandé à être prévenu du retour d’un produit"
        ),
        "orders.ordering_rule_set": Label(
            "Règle de commande fixée", "a fixé les heures et délais des commandes"
        ),
    },
}
