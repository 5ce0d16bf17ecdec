"""What is done in Distrilog-Santé: « Consortium et factures »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Consortium et factures": {
        "orders.agreement_set": Label(
            "Convention datée", "a fixé les dates de la convention avec le consortium"
        ),
        "orders.seller_set": Label(
            "Identité du fournisseur", "a changé l’identité écrite sur les factures"
        ),
        "orders.product_added": Label("Produit ajouté", "a ajouté un produit au catalogue"),
        "orders.product_changed": Label("Produit changé", "a changé un produit du catalogue"),
        "orders.price_set": Label("Prix fixé", "a fixé le prix d’un produit"),
        "orders.price_withdrawn": Label("Prix retiré", "a retiré un prix à venir"),
        "orders.stock_counted": Label("Stock compté", "a écrit le stock compté d’un produit"),
        "orders.invoice_issued": Label("Facture émise", "a émis une facture"),
        "orders.invoice_cancelled": Label("Avoir émis", "a annulé une facture par un avoir"),
        "orders.invoice_lessened": Label(
            "Avoir partiel émis", "a diminué une facture par un avoir"
        ),
        "orders.billing_corrected": Label(
            "Facturation corrigée", "a corrigé à qui facturer une commande"
        ),
        "orders.deposited_by_hand": Label(
            "Dépôt fait à la main", "a dit une facture déposée à la main sur Chorus Pro"
        ),
        "orders.deposit_asked": Label(
            "Dépôt demandé", "a demandé le dépôt d’une facture sur Chorus Pro"
        ),
        "orders.invoices_exported": Label("Factures exportées", "a téléchargé des factures"),
    },
}
