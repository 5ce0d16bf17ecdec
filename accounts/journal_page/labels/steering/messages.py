"""Messages to roles and territories: `/messages/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Messages": {
        "steering.message_drafted": Label("Message commencé", "a commencé un message"),
        "steering.message_changed": Label("Brouillon modifié", "a modifié un brouillon de message"),
        "steering.message_joined": Label("Fichier joint", "a joint un fichier à un message"),
        "steering.message_unjoined": Label(
            "Fichier retiré d’un message", "a retiré un fichier d’un message"
        ),
        "steering.message_dropped": Label(
            "Brouillon supprimé", "a supprimé un brouillon de message"
        ),
        "steering.message_sent": Label("Message envoyé", "a envoyé un message"),
        "steering.message_withdrawn": Label("Message retiré", "a retiré un message"),
        "steering.message_acknowledged": Label(
            "Message pris en compte", "a pris en compte un message"
        ),
        "steering.message_reminded": Label(
            "Destinataires relancés", "a relancé les destinataires d’un message"
        ),
        "steering.message_readers_exported": Label(
            "Lecteurs exportés", "a exporté les destinataires d’un message"
        ),
    }
}
