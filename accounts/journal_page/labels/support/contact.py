"""Requests for assistance: `/aide/contact/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Demandes d’assistance": {
        "support.ticket_opened": Label("Demande ouverte", "a ouvert une demande d’assistance"),
        "support.ticket_continued": Label(
            "Demande complétée", "a complété sa demande d’assistance"
        ),
        "support.ticket_answered": Label(
            "Demande répondue", "a répondu à une demande d’assistance"
        ),
        "support.ticket_noted": Label(
            "Note sur une demande", "a écrit une note sur une demande d’assistance"
        ),
        "support.ticket_taken": Label("Demande prise", "s’occupe d’une demande d’assistance"),
        "support.ticket_given_back": Label(
            "Demande rendue", "ne s’occupe plus d’une demande d’assistance"
        ),
        "support.ticket_ordered": Label(
            "Priorité changée", "a changé la priorité d’une demande d’assistance"
        ),
        "support.ticket_transferred": Label(
            "Demande transmise", "a transmis une demande d’assistance à un autre service"
        ),
        "support.ticket_merged": Label("Demandes réunies", "a réuni deux demandes d’assistance"),
        "support.ticket_resolved": Label("Demande résolue", "a dit sa demande d’assistance réglée"),
        "support.ticket_reopened": Label("Demande rouverte", "a rouvert sa demande d’assistance"),
        "support.ticket_rated": Label(
            "Avis sur une réponse", "a dit si la réponse de l’assistance a aidé"
        ),
        "support.ticket_closed": Label("Demande close", "a clos une demande d’assistance"),
        "support.tickets_closed": Label(
            "Demandes closes", "a clos des demandes résolues, ou restées sans précision"
        ),
        "support.tickets_purged": Label(
            "Demandes effacées", "a effacé qui avait fait de vieilles demandes d’assistance"
        ),
        "support.tickets_exported": Label(
            "Demandes téléchargées", "a téléchargé la liste des demandes d’assistance"
        ),
        "support.canned_added": Label("Réponse type ajoutée", "a ajouté une réponse type"),
        "support.canned_changed": Label("Réponse type changée", "a changé une réponse type"),
        "support.subject_changed": Label(
            "Sujet changé", "a changé un sujet de demande d’assistance"
        ),
        "support.mailbox_changed": Label(
            "Boîte aux lettres changée", "a changé une boîte aux lettres"
        ),
        "support.mailbox_checked": Label(
            "Boîte aux lettres vérifiée", "a vérifié une boîte aux lettres"
        ),
    },
}
