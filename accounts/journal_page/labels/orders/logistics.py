"""What is done in Distrilog-Santé: « Logistique »."""

from accounts.journal_page.labels.label import MACHINE, Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Logistique": {
        "orders.file_written": Label(
            "Fichier de commandes écrit", "a écrit un fichier de commandes"
        ),
        "orders.file_read": Label(
            "Fichier de commandes téléchargé", "a téléchargé un fichier de commandes"
        ),
        "orders.file_acknowledged": Label(
            "Fichier de commandes reçu", "a accusé réception d’un fichier de commandes", MACHINE
        ),
        "orders.file_replayed": Label(
            "Fichier de commandes rejoué", "a rejoué un fichier de commandes"
        ),
        "orders.report_received": Label(
            "Compte rendu logistique reçu", "a envoyé un compte rendu logistique", MACHINE
        ),
        "orders.report_retried": Label(
            "Compte rendu repris", "a repris un compte rendu qui attendait"
        ),
        "orders.report_corrected": Label(
            "Compte rendu corrigé", "a corrigé un compte rendu en quarantaine"
        ),
        "orders.report_discarded": Label(
            "Compte rendu écarté", "a écarté un compte rendu en quarantaine"
        ),
        "orders.reroute_started": Label(
            "Réacheminement décidé", "a réacheminé des commandes vers Santé publique France"
        ),
        "orders.reroute_ended": Label("Réacheminement levé", "a levé un réacheminement"),
        "orders.orders_moved": Label(
            "Commandes déplacées", "a déplacé des commandes d’un entrepôt à l’autre"
        ),
        "orders.large_list_changed": Label(
            "Liste des grands établissements modifiée",
            "a modifié la liste des grands établissements",
        ),
        "orders.platform_saved": Label(
            "Plateforme enregistrée", "a enregistré une plateforme de Santé publique France"
        ),
        "orders.allocations_pushed": Label("Dotations poussées", "a poussé des dotations"),
        "orders.replenishment_requested": Label(
            "Réassort proposé ou demandé", "a proposé ou demandé un réassort"
        ),
        "orders.replenishment_asked": Label("Réassort demandé", "a demandé un réassort"),
        "orders.replenishment_dropped": Label("Réassort abandonné", "a abandonné un réassort"),
        "orders.replenishment_shipped": Label("Réassort expédié", "a expédié un réassort"),
        "orders.replenishment_received": Label("Réassort reçu", "a reçu un réassort"),
    },
}
