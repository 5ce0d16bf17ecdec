"""What is done in Distrilog-Santé: « Contingentement »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Contingentement": {
        "orders.allocation_drafted": Label("Répartition préparée", "a préparé une répartition"),
        "orders.allocation_changed": Label(
            "Brouillon de répartition changé", "a changé le brouillon d’une répartition"
        ),
        "orders.allocation_recomputed": Label(
            "Brouillon de répartition recalculé", "a recalculé le brouillon d’une répartition"
        ),
        "orders.allocation_abandoned": Label(
            "Brouillon de répartition abandonné", "a abandonné le brouillon d’une répartition"
        ),
        "orders.quota_adjusted": Label(
            "Contingent ajusté", "a ajusté le contingent d’un bénéficiaire"
        ),
        "orders.quota_adjustment_removed": Label(
            "Ajustement de contingent retiré", "a retiré l’ajustement d’un bénéficiaire"
        ),
        "orders.allocation_proposed": Label(
            "Répartition proposée", "a proposé une répartition à la publication"
        ),
        "orders.allocation_sent_back": Label(
            "Répartition rendue en brouillon", "a rendu une répartition en brouillon"
        ),
        "orders.allocation_published": Label("Contingents publiés", "a publié des contingents"),
        "orders.allocation_ended": Label(
            "Contingentement arrêté", "a arrêté le contingentement d’un équipement"
        ),
        "orders.allocation_renewed": Label(
            "Contingents de la semaine calculés", "a calculé les contingents de la semaine"
        ),
        "orders.quota_extra_given": Label(
            "Contingent exceptionnel accordé", "a accordé un contingent exceptionnel"
        ),
        "orders.quota_extra_withdrawn": Label(
            "Contingent exceptionnel repris", "a repris un contingent exceptionnel non utilisé"
        ),
        "orders.quotas_exported": Label("Contingents téléchargés", "a téléchargé des contingents"),
        "orders.allocations_compared_exported": Label(
            "Comparaison téléchargée", "a téléchargé la comparaison de deux répartitions"
        ),
    },
}
