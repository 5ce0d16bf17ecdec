"""What is done in Distrilog-Santé: « Doctrines et capacités »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Doctrines et capacités": {
        "orders.doctrine_copied": Label("Doctrine créée", "a créé une doctrine de contingentement"),
        "orders.doctrine_changed": Label(
            "Doctrine changée", "a changé une doctrine de contingentement"
        ),
        "orders.doctrine_deleted": Label(
            "Doctrine supprimée", "a supprimé une doctrine de contingentement à venir"
        ),
        "orders.capacity_asked": Label(
            "Correction de capacité demandée", "a demandé la correction d’une capacité"
        ),
        "orders.capacity_withdrawn": Label(
            "Correction de capacité retirée", "a retiré une demande de correction de capacité"
        ),
        "orders.capacity_accepted": Label(
            "Correction de capacité acceptée", "a accepté la correction d’une capacité"
        ),
        "orders.capacity_refused": Label(
            "Correction de capacité refusée", "a refusé la correction d’une capacité"
        ),
        "orders.capacities_imported": Label(
            "Capacités importées", "a enregistré un fichier de capacités"
        ),
        "orders.capacities_exported": Label(
            "Capacités téléchargées", "a téléchargé les capacités des établissements"
        ),
    },
}
