"""What each task of the worker does, in words; a test finds the task that has none."""

TASK_NAMES = {
    "accounts.tasks.forget_done_jobs": "Oublier les travaux terminés",
    "accounts.tasks.forget_in_histories": "Effacer les noms des historiques anciens",
    "accounts.tasks.forget_people_and_sessions": "Effacer comptes fermés et sessions finies",
    "accounts.tasks.give_back_mails": "Reprendre les courriels d’un processus arrêté",
    "accounts.tasks.make_rounds": "Prévenir et relancer ceux qui décident",
    "accounts.tasks.send_notice": "Écrire et envoyer un courriel",
    "accounts.tasks.send_sealed": "Envoyer un courriel déjà écrit",
    "accounts.identity.watch.end_groundless": "Fermer les sessions d’applications sans fondement",
    "accounts.identity.watch.forget_tokens": "Oublier les jetons d’applications périmés",
    "epi_stocks.tasks.apply_inventory": "Enregistrer un fichier d’inventaire",
    "epi_stocks.tasks.give_back_imports": "Reprendre les inventaires d’un processus arrêté",
    "epi_stocks.tasks.read_inventory": "Lire un fichier d’inventaire",
    "epi_stocks.tasks.refresh_all_summaries": "Recalculer tous les résumés d’EPI-Stocks",
    "epi_stocks.tasks.refresh_summaries": "Mettre à jour les résumés d’EPI-Stocks",
    "establishments.tasks.apply_finess": "Enregistrer un fichier FINESS",
    "establishments.tasks.give_back_stalled": "Reprendre les fichiers FINESS d’un processus arrêté",
    "establishments.tasks.read_finess": "Lire un fichier FINESS",
    "journal.tasks.purge_journal": "Purger le journal après son délai",
    "journal.tasks.seal_journal": "Sceller le journal",
    "monitoring.tasks.fold_measures": "Résumer les mesures du service",
    "orders.tasks.beneficiaries.refresh_list": "Tenir la liste des bénéficiaires",
    "orders.tasks.capacities.apply_capacities": "Enregistrer un fichier de capacités",
    "orders.tasks.capacities.give_back_capacities": (
        "Reprendre les fichiers de capacités d’un processus arrêté"
    ),
    "orders.tasks.capacities.read_capacities": "Lire un fichier de capacités",
    "orders.tasks.chorus.deposit_invoice": "Déposer une facture dans Chorus Pro",
    "orders.tasks.chorus.follow_deposits": "Suivre les factures déposées",
    "orders.tasks.figures.refresh_every_figure": "Recalculer tous les chiffres des commandes",
    "orders.tasks.figures.refresh_figures": "Mettre à jour les chiffres des commandes",
    "orders.tasks.logistics.announce_allocations": "Annoncer des dotations",
    "orders.tasks.logistics.play_warehouses": "Faire répondre les entrepôts de la démonstration",
    "orders.tasks.logistics.settle_reports": "Appliquer les comptes rendus logistiques en attente",
    "orders.tasks.logistics.write_order_files": "Écrire les fichiers de commandes",
    "orders.tasks.quotas.announce_allocation": "Annoncer une répartition de contingents",
    "orders.tasks.quotas.announce_quota_extra": "Annoncer un contingent exceptionnel",
    "orders.tasks.quotas.renew_quotas": "Ouvrir les contingents de la semaine",
    "orders.tasks.watches.tell_watches": "Prévenir qu’un produit est revenu",
    "procrastinate.builtin_tasks.remove_old_jobs": "Oublier les anciens travaux",
    "builtin:procrastinate.builtin_tasks.remove_old_jobs": "Oublier les anciens travaux",
    "pui.tasks.feeds.make_daily_snapshot": "Faire le relevé quotidien des stocks",
    "pui.tasks.feeds.publish_closed_due_days": "Publier les données ouvertes des stocks",
    "pui.tasks.helping.tell_agencies_again": "Rappeler aux ARS les demandes d’aide",
    "pui.tasks.helping.tell_agency_of_requests": "Prévenir une ARS de demandes d’aide",
    "pui.tasks.nomenclature.settle_regrouped": "Suivre un regroupement d’UCD",
    "pui.tasks.onboarding.tell_pharmacist": "Écrire à un pharmacien de l’ouverture",
    "pui.tasks.reminders.remind_late_pharmacies": "Relancer les pharmacies en retard",
    "pui.tasks.reminders.send_reminders": "Envoyer des relances",
    "pui.tasks.reminders.tell_agency": "Rendre compte des relances à une ARS",
    "pui.tasks.sharing.announce_share_out": "Annoncer une répartition de médicament",
    "pui.tasks.summaries.refresh_all_pharmacy_summaries": "Recalculer les résumés des pharmacies",
    "pui.tasks.summaries.refresh_pharmacy_summaries": "Mettre à jour les résumés des pharmacies",
    "pui.tasks.transmissions.forget_old_transmissions": "Oublier les anciens fichiers de stocks",
    "pui.tasks.transmissions.give_back_transmissions": (
        "Reprendre les fichiers de stocks d’un processus arrêté"
    ),
    "pui.tasks.transmissions.read_transmission": "Lire un fichier de stocks",
    "pui.tasks.transmissions.store_transmission": "Enregistrer un fichier de stocks",
    "accounts.identity.tasks.tell_logout": "Dire à une application qu’une session est finie",
    "steering.tasks.alerts.look": "Chercher ce qui doit alerter",
    "steering.tasks.alerts.write_daily": "Écrire les alertes du jour",
    "steering.tasks.messages.send_batch": "Envoyer un message à ses destinataires",
    "steering.tasks.messages.send_left": "Reprendre l’envoi des messages",
    "steering.tasks.situation.publish_bulletins": "Publier les bulletins de la semaine",
    "steering.tasks.situation.write_document": "Écrire le PDF d’un bulletin",
    "support.tasks.contact.end_old_tickets": "Clore et effacer les anciennes demandes d’assistance",
    "steering.tasks.figures.keep_statistics_of_the_day": "Garder les chiffres publics du jour",
    "steering.tasks.figures.publish_closed_periods": "Publier les données ouvertes",
    "support.tasks.forum.announce_forum_post": "Prévenir d’un message dans Agora",
    "support.tasks.forum.send_forum_digests": "Envoyer le résumé du jour d’Agora",
    "vaccines.tasks.waves.announce_deliveries": "Annoncer des livraisons de vaccins",
    "vaccines.tasks.waves.announce_moved_deadline": "Annoncer une date limite déplacée",
    "vaccines.tasks.waves.announce_wave": "Annoncer une vague de vaccins",
}

# as the worker is told them, and what they carry
QUEUE_NAMES = {
    "alerts": "alertes",
    "capacities": "fichiers de capacités",
    "chorus": "factures",
    "feeds": "relevés et fichiers",
    "finess": "annuaire FINESS",
    "identity": "applications reliées",
    "inventory-imports": "fichiers d’inventaire",
    "journal": "journal",
    "mail": "courriels",
    "monitoring": "mesures du service",
    "orders": "commandes",
    "quotas": "contingents",
    "reminders": "relances",
    "steering": "bulletins et messages",
    "summaries": "résumés",
    "transmissions": "fichiers de stocks",
}


def name_of_queue(queue: str) -> str:
    """« courriels (mail) »: the worker is started with the second."""
    return f"{QUEUE_NAMES[queue]} ({queue})" if queue in QUEUE_NAMES else queue


def name_of(task: str) -> str:
    """The words of a task; one that a past version queued is shown by its own name."""
    return TASK_NAMES.get(task, task)
