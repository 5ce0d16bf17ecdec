"""Who helps a person first: the administrators of their place (APE), else their ARS."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Domain, Habilitation, Profile, Role, User
from establishments.mailboxes import agency_mailbox

MOST = 3


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody to write to; ``label`` says why them."""

    label: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Helpers:
    """The APEs of one's place; the mailbox of the ARS where there is none, or one is the APE."""

    administrators: list[Helper]
    agency: str = ""
    is_without: bool = False


def helpers_of(user: User) -> Helpers:
    """For the profile in use; an administration has the support alone."""
    profile = user.active_profile
    if profile is None or profile.body_id:
        return Helpers([])
    found = _administrators(profile)
    others = [_helper(one) for one in found if one.profile.user_id != user.pk]
    if others:
        return Helpers(others[:MOST])
    return Helpers([], agency_mailbox(profile.entity.region), is_without=not found)


def _administrators(profile: Profile) -> list[Habilitation]:
    """Those of the site first, then those of its legal entity."""
    places = Q(profile__legal_entity=profile.legal_entity_in_reach_id)
    if profile.establishment_id:
        places |= Q(profile__establishment=profile.establishment_id)
    rights = Habilitation.objects.in_force().filter(
        places,
        domain=Domain.ADMINISTRATION,
        role=Role.ADMINISTRATOR,
        profile__state=Profile.State.ACTIVE,
        profile__body=None,
    )
    named = rights.select_related("profile__user").order_by("pk")
    return sorted(named, key=lambda one: one.profile.establishment_id is None)


def _helper(right: Habilitation) -> Helper:
    return Helper("APE", str(right.profile.user), right.profile.mail_address)
