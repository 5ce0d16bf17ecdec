"""The address that a profile has of its own: used once whoever reads it has confirmed it.

Until then mails go to the address of the account, which is verified. The link is good for 72 hours
and for that address only; it opens for the owner of the profile, logged in.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.utils import timezone

from accounts.limits import FailureLimit, TooManyFailuresError
from accounts.models import Profile, User
from accounts.notices.letters.letter import Letter, link, quoted
from accounts.notices.sealed import queue_letter
from accounts.services.errors import AccountError
from journal.services import record

LIFETIME = timedelta(hours=72)
SALT = "accounts.profile_address"
SENDINGS = FailureLimit("profile_address", ((5, 3600),))


class AddressError(AccountError):
    """The address cannot be confirmed so, or no link can leave for it."""


def mark_address(profile: Profile) -> None:
    """Say of an address just given, before it is saved, whether it is known to be the person's."""
    known = EmailAddress.objects.filter(user=profile.user_id, verified=True)
    is_known = bool(profile.email) and known.filter(email__iexact=profile.email).exists()
    profile.email_verified_at = timezone.now() if is_known else None


def ask_to_confirm(profile: Profile) -> None:
    """Send the link to the address of a profile, when it is still to be confirmed."""
    if not profile.email or profile.email_verified_at:
        return
    try:
        SENDINGS.begin(f"account {profile.user_id}")
    except TooManyFailuresError as full:
        moment = timezone.localtime(full.until)
        raise AddressError(
            "Trop de liens de confirmation sont partis pour ces profils : réessayez à partir du "
            f"{moment:%d/%m à %H h %M}."
        ) from full
    token = signing.dumps({"profile": profile.pk, "email": profile.email}, salt=SALT)
    context = {
        "name": quoted(str(profile.user)),
        "profile": str(profile),
        "account_email": profile.user.email,
        "confirm_link": link("profiles:confirm_address", profile.pk, token),
    }
    queue_letter(Letter("profile_address", profile.email, context), lasts=LIFETIME)


@transaction.atomic
def send_again(profile: Profile, *, by: User) -> Profile:
    """Send a new link to the address of one's own profile."""
    locked = _locked_own(profile, by)
    if not locked.email or locked.email_verified_at:
        raise AddressError("Ce profil n’a pas d’adresse à confirmer : rien n’est parti.")
    ask_to_confirm(locked)
    return locked


@transaction.atomic
def confirm_address(profile: Profile, token: str, *, by: User) -> Profile:
    """Use from now on the address that the link was sent to; twice is harmless."""
    locked = _locked_own(profile, by)
    if not is_for(locked, token):
        raise AddressError(
            "Ce lien n’est plus valable : il a plus de 72 heures, ou l’adresse du profil a changé "
            "depuis. Demandez-en un nouveau."
        )
    if locked.email_verified_at is None:
        locked.email_verified_at = timezone.now()
        locked.save(update_fields=["email_verified_at"])
        record(
            "account.profile_address_confirmed",
            by=by,
            target=f"{by.username} · {locked}",
            place=None if locked.body_id else locked.entity,
            email=locked.email,
        )
    return locked


def is_for(profile: Profile, token: str) -> bool:
    """Whether a link confirms the address that this profile has now."""
    try:
        told = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return False
    return bool(told == {"profile": profile.pk, "email": profile.email})


def _locked_own(profile: Profile, by: User) -> Profile:
    locked: Profile = Profile.objects.select_for_update(of=["self"]).get(pk=profile.pk)
    if locked.user_id != by.pk:
        raise AddressError("Ce profil est celui d’une autre personne.")
    if locked.state not in Profile.LIVING:
        raise AddressError(f"Le profil sur {locked.entity} est {locked.get_state_display()}.")
    return locked
