"""What is done in Distrilog-Santé: « Tensions et bénéficiaires »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Tensions et bénéficiaires": {
        "orders.beneficiaries_refreshed": Label(
            "Liste des bénéficiaires mise à jour", "a mis à jour la liste des bénéficiaires"
        ),
    },
}
