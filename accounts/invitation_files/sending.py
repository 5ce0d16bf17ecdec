"""Send all the invitations of a file, or none."""

import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from accounts.invitation_files.checking import check_rows
from accounts.invitation_files.lines import Line
from accounts.models import Invitation, User
from accounts.notices import Notice, notify_all
from accounts.services.invitations.inviting import prepared, told
from accounts.services.invitations.refusals import InvitationError
from common.tabular import Row
from journal.models import Entry
from journal.services import entry_of, record_all


@transaction.atomic
def send_all(rows: Sequence[Row], *, by: User) -> list[Invitation]:
    """Check the lines again and send what is left to send: nothing when one line is wrong now.

    Those already invited are passed over: the same file twice, or two clicks, invite once.
    """
    checked = check_rows(rows, by=by)
    if len(checked.errors):
        first = next(iter(checked.errors))
        raise InvitationError(f"Rien n’est parti : depuis le contrôle, {first.sentence}")
    batch = uuid.uuid4()
    invitations = [
        prepared(line.email, line.entity, line.rights, by=by, batch=batch, **line.names)
        for line in checked.to_send
        if line.entity is not None
    ]
    try:
        with transaction.atomic():
            Invitation.objects.bulk_create(invitations)
    except IntegrityError:
        raise InvitationError(
            "Ces invitations viennent d’être envoyées : retrouvez-les dans la liste."
        ) from None
    record_all(
        [
            _entry(invitation, line, by)
            for invitation, line in zip(invitations, checked.to_send, strict=True)
        ]
    )
    notify_all(Notice.INVITATION, [invitation.pk for invitation in invitations])
    return invitations


def _entry(invitation: Invitation, line: Line, by: User) -> Entry:
    return entry_of(
        "account.invitation_sent",
        by=by,
        target=invitation,
        place=invitation.entity,
        batch=str(invitation.batch),
        habilitations=told(line.rights),
    )
