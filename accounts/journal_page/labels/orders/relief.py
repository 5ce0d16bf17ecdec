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
        "orders.address_terms_set": Label(
            "Consignes de livraison changées", "a changé les consignes d’une adresse de livraison"
        ),
    },
}
