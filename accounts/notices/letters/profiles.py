"""The letters about one's profiles and habilitations: what changed, why, what to do."""

from accounts.models import Habilitation, Profile
from accounts.models.profile import OF_PROFILE
from accounts.notices.letters.letter import Letter, address_of, day, link, quoted, rights_text
from accounts.scopes import scope_in_words


def created(number: int, about: int | None) -> Letter | None:
    """A profile was opened by somebody else: on which entity, with which habilitations."""
    return _profile("profile_created", number, Profile.State.ACTIVE)


def suspended(number: int, about: int | None) -> Letter | None:
    return _profile("profile_suspended", number, Profile.State.SUSPENDED)


def reopened(number: int, about: int | None) -> Letter | None:
    return _profile("profile_reopened", number, Profile.State.ACTIVE)


def ended(number: int, about: int | None) -> Letter | None:
    return _profile("profile_ended", number, Profile.State.ENDED)


def contact_changed(number: int, about: int | None) -> Letter | None:
    """To the address of the account: that of the profile may be what somebody else changed."""
    profile = Profile.objects.with_person().filter(pk=number).first()
    if profile is None or not profile.user.is_active:
        return None
    told = [profile.email, profile.phone, profile.address]
    context = _context(profile, "") | {"details": [quoted(one) for one in told if one]}
    return Letter("profile_contact_changed", profile.user.email, context)


def granted(number: int, about: int | None) -> Letter | None:
    """One more habilitation, still in force."""
    right = _right(number, Habilitation.State.ACTIVE)
    return _habilitation("habilitation_granted", right) if right else None


def changed(number: int, about: int | None) -> Letter | None:
    """Other days, other *statuts* or *champs*: what stands now."""
    right = _right(number, Habilitation.State.ACTIVE)
    return _habilitation("habilitation_changed", right) if right else None


def revoked(number: int, about: int | None) -> Letter | None:
    right = _right(number, Habilitation.State.REVOKED)
    return _habilitation("habilitation_revoked", right) if right else None


def _profile(template: str, number: int, state: Profile.State) -> Letter | None:
    """Nothing when the profile has changed again meanwhile: the next letter tells it."""
    profiles = Profile.objects.with_person()
    profile = profiles.filter(pk=number, state=state, user__is_active=True).first()
    if profile is None:
        return None
    rights = Habilitation.objects.in_force().filter(profile=profile)
    context = _context(profile, profile.reason) | {"rights": rights_text(rights)}
    return Letter(template, address_of(profile), context)


def _right(number: int, state: Habilitation.State) -> Habilitation | None:
    rights = Habilitation.objects.select_related(*OF_PROFILE)
    usable = {"profile__state": Profile.State.ACTIVE, "profile__user__is_active": True}
    return rights.filter(pk=number, state=state, **usable).first()


def _habilitation(template: str, right: Habilitation) -> Letter:
    context = _context(right.profile, right.reason) | {
        "right": rights_text([right])[0],
        "is_automatic": right.is_automatic,
        "scope": scope_in_words(right),
        "starts_on": day(right.starts_on) if right.starts_on else "",
        "ends_on": day(right.ends_on) if right.ends_on else "",
    }
    return Letter(template, address_of(right.profile), context)


def _context(profile: Profile, reason: str) -> dict[str, object]:
    return {
        "name": quoted(str(profile.user)),
        "profile": str(profile),
        "reason": quoted(reason),
        "profiles_link": link("profiles:list"),
    }
