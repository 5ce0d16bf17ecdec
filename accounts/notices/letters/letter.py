"""What a letter is, and the words that several share."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, Habilitation, Profile, User
from accounts.models.habilitation import Domain, Role

LONGEST_QUOTE = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one address; ``template`` is a file of ``templates/notices``."""

    template: str
    to: str
    context: dict[str, Any] = field(default_factory=dict)


def link(route: str, *arguments: object) -> str:
    """The whole address of a page: the worker sees no request to take the host from."""
    return f"{settings.SITE_URL}{reverse(route, args=arguments)}"


def day(moment: date | datetime) -> str:
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return f"{local:%d/%m/%Y}"


def quoted(text: str) -> str:
    """What somebody typed, on one line: it cannot pass for a part of the letter."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1]}…"


def address_of(profile: Profile) -> str:
    return profile.mail_address


def right_text(domain: str, role: str) -> str:
    return f"{Role(role).label} ({Domain(domain).label})"


def rights_text(rights: Iterable[Habilitation]) -> list[str]:
    return [right_text(right.domain, right.role) for right in rights]


def request_text(request: AccessRequest) -> str:
    """Who asks for what, where, since when, on one line."""
    who = quoted(str(request.profile.user))
    roles = ", ".join(rights_text(request.habilitations.all()))
    told = f"{who}, {request.profile}\u00a0: {roles or 'profil'}"
    return f"{told}, demandé le {day(request.asked_at)}"


def active_person(number: int) -> User | None:
    found: User | None = User.objects.filter(pk=number, is_active=True).first()
    return found
