"""Mails of mutual aid: to a pharmacy, to the agency of its region, to the national cell."""

from collections.abc import Iterable

from django.conf import settings

from accounts.notices.mails import render
from accounts.notices.sealed import queue_written
from establishments.models import AdministrativeBody
from pui.models import Pui
from pui.region.contacts import people_of, recipients_of

TEMPLATE = "notices/aid.txt"
Kind = AdministrativeBody.Kind


def tell_pharmacies(puis: Iterable[Pui], *, subject: str, lines: Iterable[str], path: str) -> int:
    """Write to each pharmacy; return how many addresses. The sites are read with the pharmacies."""
    puis = list(puis)
    people = people_of(puis)
    addresses = [address for one in puis for address in recipients_of(one, people[one.pk])]
    return _tell(addresses, subject, lines, path)


def tell_agency(pui: Pui, *, subject: str, lines: Iterable[str], path: str) -> int:
    """Write to the mailbox of the ARS of a pharmacy's region; nothing leaves without a mailbox."""
    bodies = AdministrativeBody.objects.filter(kind=Kind.ARS, region=pui.establishment.region_id)
    return _tell(_mailboxes(bodies), subject, lines, path)


def tell_country(*, subject: str, lines: Iterable[str], path: str) -> int:
    return _tell(
        _mailboxes(AdministrativeBody.objects.filter(kind=Kind.NATIONAL)), subject, lines, path
    )


def _mailboxes(bodies: Iterable[AdministrativeBody]) -> list[str]:
    return [one.mailbox for one in bodies if one.mailbox]


def _tell(addresses: Iterable[str], subject: str, lines: Iterable[str], path: str) -> int:
    context = {"subject": subject, "lines": list(lines), "link": f"{settings.SITE_URL}{path}"}
    head, _, body = render(TEMPLATE, context).strip().partition("\n")
    text = render("notices/frame.txt", {**context, "body": body.strip()})
    found = list(dict.fromkeys(addresses))
    for address in found:
        queue_written(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{head}", text.strip(), address)
    return len(found)
