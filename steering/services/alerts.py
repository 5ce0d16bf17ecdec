"""What people do with an alert: acknowledge it with a word, write in its log."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from steering.models import Alert, AlertEvent
from steering.services.alert_errors import AlertError

LONGEST = 1_000


@transaction.atomic
def acknowledge(*, by: User, alert: Alert, word: str) -> None:
    """Say that it is taken care of, and how: its mails stop unless it gets worse."""
    locked = _locked(by, alert)
    text = _text(word, "Dites en quelques mots ce que vous faites.")
    if locked.state == Alert.State.CLOSED:
        raise AlertError("Cette alerte est close\u00a0: il n’y a plus rien à acquitter.")
    if locked.state == Alert.State.ACKNOWLEDGED:
        raise AlertError(
            f"{locked.acknowledged_by} l’a déjà acquittée\u00a0: ajoutez plutôt un commentaire."
        )
    locked.state = Alert.State.ACKNOWLEDGED
    locked.acknowledged_by, locked.acknowledged_at = by, timezone.now()
    locked.save(update_fields=["state", "acknowledged_by", "acknowledged_at"])
    _log(by, locked, AlertEvent.Kind.ACKNOWLEDGED, text)
    record(
        "steering.alert_acknowledged",
        by=by,
        target=locked.title,
        place=_place(locked),
        note=text,
    )


@transaction.atomic
def comment(*, by: User, alert: Alert, word: str) -> None:
    """Add a line to the log of an alert, even once it is closed."""
    locked = _locked(by, alert)
    text = _text(word, "Écrivez votre commentaire.")
    _log(by, locked, AlertEvent.Kind.COMMENTED, text)
    record(
        "steering.alert_commented",
        by=by,
        target=locked.title,
        place=_place(locked),
        note=text,
    )


def _locked(by: User, alert: Alert) -> Alert:
    """Read again, by whoever may acknowledge it."""
    rows = Alert.objects.for_user(by, to=Action.ALERT_ACK).shown()
    rows = rows.select_related("rule", "acknowledged_by")
    found: Alert | None = (
        rows.select_for_update(of=("self",), no_key=True).filter(pk=alert.pk).first()
    )
    if found is None:
        raise AlertError("Cette alerte n’est pas de votre territoire ou de votre domaine.")
    return found


def _text(word: str, missing: str) -> str:
    text = word.strip()[:LONGEST]
    if not text:
        raise AlertError(missing)
    return text


def _log(by: User, alert: Alert, kind: str, text: str) -> None:
    AlertEvent.objects.create(alert=alert, kind=kind, text=text, by=by, at=timezone.now())


class _Where:
    """Where the journal keeps it."""

    def __init__(self, alert: Alert) -> None:
        self.finess = alert.code if alert.scale == "site" else ""
        self.region_id = alert.region_code
        self.department_id = alert.department_code


def _place(alert: Alert) -> object:
    return _Where(alert)
