"""What is done in Distrilog-Santé: « Adresses et dépannages »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Adresses et dépannages": {
        "orders.address_proposed": Label(
            "Adresse de livraison proposée", "a proposé une adresse de livraison"
        ),
        "orders.address_validated": Label(
            "Adresse de livraison validée", "a validé une adresse de livraison"
        ),
        "orders.address_refused": Label(
            "Adresse de livraison refusée", "a refusé une adresse de livraison"
        ),
        "orders.address_retired": Label(
            "Adresse de livraison retirée", "a retiré une adresse de livraison"
        ),
        "orders.relief_asked": Label("Dépannage demandé", "a demandé un dépannage à l’ARS"),
        "orders.relief_withdrawn": Label(
            "Demande de dépannage retirée", "a retiré une demande de dépannage"
        ),
        "orders.relief_ordered": Label(
            "Dépannage par le pot commun",
            "a répondu à une demande de dépannage par une commande sur le pot commun",
        ),
        "orders.relief_aided": Label(
            "Dépannage par l’entraide", "a répondu à une demande de dépannage par l’entraide"
        ),
        "orders.relief_refused": Label(
            "Demande de dépannage refusée", "a refusé une demande de dépannage"
        ),
        "orders.relief_received": Label("Dépannage reçu", "a dit ce qu’il a reçu d’un dépannage"),
        "orders.relief_exported": Label(
            "Demandes de dépannage téléchargées", "a téléchargé des demandes de dépannage"
        ),
        "orders.dashboard_exported": Label(
            "Tableau des commandes téléchargé", "a téléchargé un tableau des commandes"
        ),
        "orders.address_terms_set": Label(
            "Consignes de livraison changées", "a changé les consignes d’une adresse de livraison"
        ),
    },
}
