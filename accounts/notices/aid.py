"""The mails of mutual aid: what happened, and the page where one answers."""

from collections.abc import Iterable, Sequence

from django.conf import settings

from accounts.notices.mails import render
from accounts.notices.sealed import queue_written

TEMPLATE = "notices/aid.txt"


def write_to(
    addresses: Iterable[str],
    *,
    subject: str,
    lines: Sequence[str],
    path: str,
    template: str = TEMPLATE,
) -> None:
    """Queue the same mail for each address, once."""
    context = {"subject": subject, "lines": lines, "link": f"{settings.SITE_URL}{path}"}
    head, _, body = render(template, context).strip().partition("\n")
    text = render("notices/frame.txt", {**context, "body": body.strip()}).strip()
    for address in dict.fromkeys(addresses):
        queue_written(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{head}", text, address)
