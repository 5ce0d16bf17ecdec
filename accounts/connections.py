"""What happened to one's own account, as the journal tells it: logins, failures, protection."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from journal.models import Entry

# verb: (sentence, how it looks)
SENTENCES = {
    "account.logged_in": ("Connexion", "ok"),
    "account.login_failed": ("Mot de passe refusé", "attention"),
    "account.factor_failed": ("Code refusé", "attention"),
    "account.password_changed": ("Mot de passe changé", "ok"),
    "account.email_changed": ("Adresse électronique changée", "ok"),
    "account.identity_changed": ("Nom ou téléphone changés", "ok"),
    "account.factor_added": ("Second facteur ajouté", "ok"),
    "account.factor_removed": ("Second facteur retiré", "attention"),
    "account.recovery_codes_renewed": ("Codes de secours renouvelés", "ok"),
    "account.way_in_added": ("Connexion par un autre service ajoutée", "ok"),
    "account.way_in_removed": ("Connexion par un autre service retirée", "attention"),
    "account.session_ended": ("Session fermée à distance", "ok"),
    "account.data_exported": ("Données personnelles téléchargées", "ok"),
    "account.unlocked": ("Compte débloqué par un administrateur", "ok"),
}


@dataclass(frozen=True, slots=True)
class Connection:
    """A line of the history."""

    at: datetime
    text: str
    kind: str
    device: str
    address: str


def connections_of(user: User) -> QuerySet[Entry]:
    """The newest first; what was tried by others with one's identifier or address is among them.

    Nothing older than the account: an identifier may have been somebody else's before.
    """
    entries = Entry.objects.filter(target=user.username, at__gte=user.date_joined)
    return entries.filter(verb__in=SENTENCES).order_by("-at", "-pk")


def as_connection(entry: Entry) -> Connection:
    text, kind = SENTENCES[entry.verb]
    return Connection(entry.at, text, kind, entry.details.get("device", ""), entry.address or "")
