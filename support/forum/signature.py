"""As what a person writes in the forum: the profile in use, and whether it speaks officially."""

from dataclasses import dataclass

from accounts.grants import code_of
from accounts.models import User
from common.templatetags.presentation import role_labels
from support.models import ForumPost

Badge = ForumPost.Badge
OFFICIAL = {"SUP": Badge.SUPPORT, "NAT": Badge.NATIONAL, "ARA": Badge.ARS}  # by code of the matrix
LONGEST = 250


@dataclass(frozen=True, slots=True)
class Signature:
    """No address in it: one answers in the forum."""

    entity: str = ""
    role: str = ""
    badge: str = ""


def signature_of(user: User) -> Signature:
    """Of the profile in use; a person without one signs with their name alone."""
    profile = user.active_profile
    if profile is None:
        return Signature()
    codes = {code_of(right, profile) for right in profile.rights}
    badge = next((badge for code, badge in OFFICIAL.items() if code in codes), "")
    role = role_labels(profile.rights)
    return Signature(str(profile.entity)[:LONGEST], role[:LONGEST], badge)
