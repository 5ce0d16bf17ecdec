"""What must hold for somebody to work: predicates of the gate, which the access doctor explains.

The gate (``User.perimeter_to``, the middlewares) and the page « Pourquoi n’ai-je pas accès ? » call
these same functions: what one refuses, the other tells. Statements of SQL may spare rows that
these would refuse anyway; they decide of nothing.
"""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.models.habilitation import Habilitation
from accounts.models.profile import Profile
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Perimeter

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


def is_inside(place: Establishment | LegalEntity, perimeter: Perimeter) -> bool:
    """Whether a place is in a perimeter, as a profile on it would be."""
    if isinstance(place, Establishment):
        return Profile(establishment=place).is_inside(perimeter)
    return Profile(legal_entity=place).is_inside(perimeter)


def second_factor_is_needed(user: "User") -> bool:
    """By the role (administrators, regions, the country), for everybody, or for nobody (demo)."""
    if settings.SECOND_FACTOR == "roles":
        return user.held.reaches_beyond or user.held.administers
    return bool(settings.SECOND_FACTOR == "everyone")


def second_factor_is_ready(user: "User") -> bool:
    """An app or a key protects the account, or none is needed; recovery codes alone do not.

    A national service that checked two factors to open this session spares ours.
    """
    if not second_factor_is_needed(user) or user.has_second_factor:
        return True
    if user.factor_proved_elsewhere:
        return True
    return email_code_suffices(user)


def email_code_suffices(user: "User") -> bool:
    """Whether a code by e-mail, asked at each login, is the second factor of this person.

    Where the deployment allows it, for those who administer an establishment and nothing wider.
    """
    if not settings.SECOND_FACTOR_BY_EMAIL or not second_factor_is_needed(user):
        return False
    return not user.has_second_factor and not user.held.reaches_beyond
