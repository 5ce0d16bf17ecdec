"""Where the administrations read: their mailboxes, written or checked by who knows them."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User
from establishments.models import AdministrativeBody, Region
from establishments.perimeter import Action
from journal.services import record
from support.models import MailboxChange
from support.services.errors import ContactError

Kind = AdministrativeBody.Kind
KINDS = (Kind.ARS, Kind.OMEDIT, Kind.SPF, Kind.NATIONAL)


def may_change(by: User, body: AdministrativeBody) -> bool:
    """The national cell all of them; an agency its own."""
    if body.kind not in KINDS:
        return False
    if by.may(Action.REF_WRITE):
        return True
    regions = by.perimeter_to(Action.TICKET_ANSWER).region_codes
    return bool(body.kind == Kind.ARS and body.region_id in regions)


@transaction.atomic
def change_mailbox(
    *, by: User, body: AdministrativeBody, mailbox: str, seen: str | None = None
) -> MailboxChange:
    """Write a mailbox; the same again says that it was checked today.

    ``seen`` is what the form was shown with: changed meanwhile, nothing is written.
    """
    locked: AdministrativeBody = AdministrativeBody.objects.select_for_update(of=("self",)).get(
        pk=body.pk
    )
    if not may_change(by, locked):
        raise ContactError("Seules la cellule nationale et l’ARS elle-même changent cette adresse.")
    mailbox = mailbox.strip()
    _check(locked, mailbox)
    if seen is not None and seen != locked.mailbox:
        raise ContactError(
            f"Cette adresse vient de changer\u00a0: {locked.mailbox or 'aucune'}. Relisez-la, puis "
            "enregistrez de nouveau."
        )
    before, locked.mailbox = locked.mailbox, mailbox
    locked.save(update_fields=["mailbox"])
    if locked.kind == Kind.ARS:  # the pages of a place read it there
        Region.objects.filter(pk=locked.region_id).update(mailbox=mailbox)
    record(
        "support.mailbox_checked" if before == mailbox else "support.mailbox_changed",
        by=by,
        target=locked.name,
        **({} if before == mailbox else {"before": before, "after": mailbox}),
    )
    return MailboxChange.objects.create(body=locked, mailbox=mailbox, by=by)


def _check(body: AdministrativeBody, mailbox: str) -> None:
    if not mailbox and body.kind in (Kind.ARS, Kind.NATIONAL):
        raise ContactError("Donnez une adresse\u00a0: les demandes y sont annoncées.")
    try:
        if mailbox:
            validate_email(mailbox)
    except ValidationError:
        raise ContactError(
            "Cette adresse n’est pas complète. Exemple\u00a0: contact@ars.example."
        ) from None
