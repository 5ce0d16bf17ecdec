"""A note written to roles and territories: drafted, sent once, corrected by another, withdrawn.

Whoever writes for a body (the national cell, an ARS) writes on all its messages. What was sent is
never changed nor deleted. Locks: the message.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from journal.services import record
from steering.messages.urgent import urgent_in_force
from steering.models import Message
from steering.services.message_mails import announce
from steering.services.message_rules import (
    LONGEST_REASON,
    NOBODY,
    RECIPIENTS,
    Content,
    MessageChangedError,
    MessageError,
    fill,
    next_reference,
    reach_of,
    require_reach,
    sender_of,
    what_is_missing,
)

State = Message.State
NOT_YOURS = "Vous n’écrivez pas pour l’expéditeur de ce message."


@transaction.atomic
def start_message(*, by: User, content: Content) -> Message:
    """A new draft of the body one writes for; journaled."""
    sender = _sender(by)
    message = Message(sender=sender, written_by=by)
    fill(message, content)
    _save(message)
    record("steering.message_drafted", by=by, target=message)
    return message


@transaction.atomic
def change_message(*, by: User, message: Message, content: Content, seen: int) -> Message:
    """Change a draft, unless somebody did since it was shown; its recipients stay those of the
    message it corrects. Journaled.
    """
    locked = _locked(by, message)
    _require_draft(locked)
    _require_seen(locked, seen)
    fill(locked, content)
    locked.version += 1
    _save(locked)
    record("steering.message_changed", by=by, target=locked)
    return locked


@transaction.atomic
def drop_message(*, by: User, message: Message) -> None:
    """Delete a draft, with its files: nobody received it. Journaled."""
    locked = _locked(by, message)
    _require_draft(locked)
    record("steering.message_dropped", by=by, target=locked)
    locked.delete()


@transaction.atomic
def send_message(
    *, by: User, message: Message, seen: int, now: datetime | None = None
) -> tuple[Message, bool]:
    """Send a draft as it was read (``seen``), for ever; say whether it left now. Journaled.

    Two clicks, or two colleagues, send it once: the second finds it sent.
    """
    now = now or timezone.now()
    locked = _locked(by, message)
    if not locked.is_draft:
        return locked, False
    _require_seen(locked, seen)
    for sentence in what_is_missing(locked, timezone.localdate(now)):
        raise MessageError(sentence)
    require_reach(locked)
    reach = reach_of(locked)
    if not reach.people:
        raise MessageError(NOBODY)
    locked.state, locked.sent_at, locked.sent_by = State.SENT, now, by
    locked.people, locked.places = reach.people, reach.places
    locked.save()
    urgent_in_force.forget()
    queued = announce(locked, timezone.localdate(now)) if locked.by_mail else 0
    record(
        "steering.message_sent",
        by=by,
        target=locked,
        recipients=reach.people,
        mails=queued,
    )
    return locked, True


@transaction.atomic
def withdraw_message(*, by: User, message: Message, reason: str) -> Message:
    """Take a message back, with the reason that its readers are told; it stays. Journaled."""
    locked = _locked(by, message)
    if locked.is_draft:
        raise MessageError("Ce message n’est pas envoyé\u00a0: supprimez le brouillon.")
    if locked.is_withdrawn:
        raise MessageError("Ce message est déjà retiré.")
    told = reason.strip()[:LONGEST_REASON]
    if not told:
        raise MessageError("Dites pourquoi\u00a0: les destinataires liront ce motif.")
    locked.state, locked.reason = State.WITHDRAWN, told
    locked.withdrawn_by, locked.withdrawn_at = by, timezone.now()
    locked.save()
    record("steering.message_withdrawn", by=by, target=locked, reason=told)
    return locked


@transaction.atomic
def correct_message(*, by: User, message: Message) -> Message:
    """Start the message that corrects one already sent, for the same recipients. Journaled."""
    locked = _locked(by, message)
    if locked.state != State.SENT:
        raise MessageError("Seul un message envoyé, et non retiré, se rectifie.")
    already: Message | None = locked.corrections.first()
    if already is not None:
        return already
    correction = Message.objects.create(
        sender=locked.sender,
        corrects=locked,
        written_by=by,
        reference=next_reference(locked.sender, timezone.localdate()),
        title=f"Rectificatif\u00a0: {locked.title}"[:150],
        **{name: getattr(locked, name) for name in COPIED},
    )
    record("steering.message_drafted", by=by, target=correction)
    return correction


COPIED = (*RECIPIENTS, "nature", "body", "signature", "apply_on", "is_urgent", "by_mail",
          "shown_until")  # fmt: skip


def _sender(by: User) -> AdministrativeBody:
    sender = sender_of(by)
    if sender is None:
        raise MessageError("Seules la cellule nationale et les ARS écrivent des messages.")
    return sender


def _locked(by: User, message: Message) -> Message:
    rows = Message.objects.for_user(by, to=Action.MSG_SEND).filter(pk=message.pk)
    found: Message | None = rows.select_for_update(of=("self",)).select_related("sender").first()
    if found is None:
        raise MessageError(NOT_YOURS)
    return found


def _require_draft(message: Message) -> None:
    if not message.is_draft:
        raise MessageError("Ce message est envoyé\u00a0: rectifiez-le, ou retirez-le.")


def _require_seen(message: Message, seen: int) -> None:
    if message.version != seen:
        raise MessageChangedError(
            "Ce brouillon vient d’être modifié\u00a0: relisez-le avant de continuer."
        )


def _save(message: Message) -> None:
    message.reference = " ".join(message.reference.split())
    if not message.reference:
        raise MessageError("Donnez une référence au message.")
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError as error:
        if "message_reference_unique_per_sender" not in str(error):
            raise
        free = next_reference(message.sender, timezone.localdate())
        raise MessageError(
            f"La référence «\u00a0{message.reference}\u00a0» est déjà prise\u00a0: {free} est "
            "libre."
        ) from None
