"""A mail of ours: its text comes from a template, its HTML from that text."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template

from accounts.notices.html import html_of

SIGNATURE = "\n\n--\n"


def write(template: str, to: str, context: Mapping[str, Any]) -> EmailMultiAlternatives:
    """The first line of the template is the subject, the rest what is said."""
    subject, _, body = render(f"notices/{template}.txt", context).strip().partition("\n")
    said = render("notices/frame.txt", {**context, "body": body.strip()})
    return mail(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", said, to)


def render(template: str, context: Mapping[str, Any]) -> str:
    """Plain text: an apostrophe stays one. Nothing of it reaches HTML before it is escaped."""
    known = {"product": settings.PRODUCT_NAME, "contact": settings.CONTACT_EMAIL}
    values = Context({**known, **context}, autoescape=False)
    text: str = get_template(template).template.render(values)  # type: ignore[attr-defined]
    return text


def mail(subject: str, text: str, to: str) -> EmailMultiAlternatives:
    """Both parts; what stands under the signature mark is the foot of the page."""
    title = " ".join(subject.split("\n")).strip()
    said, _, signature = tidy(text).partition(SIGNATURE)
    message = EmailMultiAlternatives(title, tidy(text), settings.DEFAULT_FROM_EMAIL, [to])
    heading = title.removeprefix(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX)
    message.attach_alternative(html_of(heading, said, signature), "text/html")
    return message


def tidy(text: str) -> str:
    """No space at the ends of lines, one blank line at most: conditions leave more."""
    lines = [line.rstrip(" \t\r") for line in text.strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
