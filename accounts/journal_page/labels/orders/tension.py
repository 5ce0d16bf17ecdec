"""What is done in Distrilog-Santé: « Tensions et bénéficiaires »."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Tensions et bénéficiaires": {
        "orders.beneficiaries_refreshed": Label(
            "Liste des bénéficiaires mise à jour", "a mis à jour la liste des bénéficiaires"
        ),
        "orders.beneficiaries_exported": Label(
            "Liste des bénéficiaires exportée", "a exporté la liste des bénéficiaires"
        ),
        "orders.region_served": Label("Région servie", "a ouvert une région au stock de l’État"),
        "orders.region_stopped": Label(
            "Région plus servie", "a fermé une région au stock de l’État"
        ),
        "orders.tension_declared": Label("Tension déclarée", "a déclaré une tension"),
        "orders.tension_ended": Label("Fin de tension fixée", "a fixé la fin d’une tension"),
        "orders.tension_cancelled": Label("Tension annulée", "a annulé une tension annoncée"),
        "orders.difficulty_reported": Label(
            "Difficulté signalée", "a signalé une difficulté d’approvisionnement"
        ),
        "orders.difficulty_closed": Label(
            "Difficulté close", "a clos une difficulté d’approvisionnement"
        ),
        "orders.difficulties_exported": Label(
            "Difficultés exportées", "a exporté les difficultés d’approvisionnement"
        ),
        "orders.watch_exported": Label(
            "Suivi des tensions exporté", "a exporté le suivi des tensions"
        ),
        "orders.registered": Label("Inscription", "s’est inscrit à Distrilog-Santé"),
        "orders.registration_changed": Label(
            "Inscription changée", "a changé son inscription à Distrilog-Santé"
        ),
    },
}
