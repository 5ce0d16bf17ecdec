"""What is done for vaccines."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Vaccins": {
        "vaccines.need_saved": Label("Besoin saisi", "a saisi un besoin en vaccins"),
        "vaccines.received": Label("Réception saisie", "a saisi une réception de vaccins"),
        "vaccines.reception_corrected": Label(
            "Réception corrigée", "a corrigé une réception de vaccins"
        ),
        "vaccines.vaccinated_saved": Label(
            "Personnes vaccinées saisies", "a saisi le nombre de personnes vaccinées"
        ),
        "vaccines.line_reported": Label(
            "Ligne signalée", "a signalé une ligne manquante ou mal affectée"
        ),
    },
    "Vagues de vaccins": {
        "vaccines.wave_opened": Label("Vague créée", "a créé les lignes d’une vague de vaccins"),
        "vaccines.wave_extended": Label(
            "Vague complétée", "a ajouté des lignes à une vague de vaccins"
        ),
        "vaccines.wave_deadline_moved": Label(
            "Date limite des besoins changée", "a changé la date limite des besoins d’une vague"
        ),
        "vaccines.wave_exported": Label("Vague téléchargée", "a téléchargé une vague de vaccins"),
        "vaccines.delivery_planned": Label(
            "Livraison de vaccins prévue", "a écrit la livraison prévue d’une ligne de vaccins"
        ),
        "vaccines.delivery_changed": Label(
            "Livraison de vaccins changée", "a changé la livraison d’une ligne de vaccins"
        ),
        "vaccines.vaccine_described": Label("Vaccin décrit", "a décrit un vaccin"),
        "vaccines.vaccine_changed": Label("Vaccin corrigé", "a corrigé un vaccin"),
        "vaccines.vial_set": Label(
            "Doses par flacon changées", "a changé les doses par flacon d’un vaccin"
        ),
    },
    "Vaccins COVID": {
        "vaccines.line_created": Label(
            "Ligne de vaccins créée", "a créé une ligne d’approvisionnement"
        ),
        "vaccines.line_moved": Label(
            "Ligne de vaccins déplacée", "a déplacé une ligne d’approvisionnement"
        ),
        "vaccines.line_removed": Label(
            "Ligne de vaccins supprimée", "a supprimé une ligne d’approvisionnement"
        ),
        "vaccines.line_restored": Label(
            "Ligne de vaccins remise", "a remis une ligne d’approvisionnement supprimée"
        ),
        "vaccines.report_answered": Label(
            "Réponse au signalement d’une ligne", "a répondu au signalement d’une ligne"
        ),
        "vaccines.lines_exported": Label(
            "Suivi des vaccins téléchargé", "a téléchargé un tableau du suivi des vaccins"
        ),
    },
}
