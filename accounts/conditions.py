"""What must hold for somebody to work: predicates of the gate, which the access doctor explains.

The gate (``User.perimeter_to``, the middlewares) and the page « Pourquoi n’ai-je pas accès ? » call
these same functions: what one refuses, the other tells. Statements of SQL may spare rows that
these would refuse anyway; they decide of nothing.
"""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.models.habilitation import Domain, Habilitation
from accounts.models.profile import Profile

if TYPE_CHECKING:
    from accounts.models.user import User


def account_is_open(user: "User") -> bool:
    """Neither closed by its owner nor disabled."""
    return user.is_active and user.closed_at is None


def address_is_confirmed(user: "User") -> bool:
    """The address of the account is proved to be theirs: nobody logs in before."""
    confirmed: bool = user.emailaddress_set.filter(verified=True).exists()
    return confirmed


def profile_is_usable(profile: Profile) -> bool:
    return profile.state == Profile.State.ACTIVE


def right_is_in_force(right: Habilitation, today: date) -> bool:
    """Active and between its dates, both included."""
    has_begun = right.starts_on is None or right.starts_on <= today
    is_over = right.ends_on is not None and right.ends_on < today
    return right.state == Habilitation.State.ACTIVE and has_begun and not is_over


def profile_counts(profile: Profile, in_use: Profile | None, letter: str) -> bool:
    """The profile in use decides; the EPI inventory alone (J) adds up all of them [002]."""
    return letter == "J" or profile is in_use


def second_factor_is_needed(user: "User") -> bool:
    """By the role (administrators, regions, the country), for everybody, or for nobody (demo)."""
    if settings.SECOND_FACTOR == "roles":
        return any(
            profile.body_id is not None or right.domain == Domain.ADMINISTRATION
            for profile in user.usable_profiles
            for right in profile.rights
        )
    return bool(settings.SECOND_FACTOR == "everyone")


def second_factor_is_ready(user: "User") -> bool:
    """An app or a key protects the account, or none is needed; recovery codes alone do not."""
    return not second_factor_is_needed(user) or user.has_second_factor
