"""The contact details that a profile has of its own, changed by its owner or who decides of it."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Profile, User
from accounts.notices import Notice, notify
from accounts.services.authority import highest_role, refusal_to_decide
from accounts.services.errors import AccountError
from accounts.services.profile_address import ask_to_confirm, mark_address
from journal.services import record

CONTACT = ("email", "phone", "address")


class ContactError(AccountError):
    """These contact details cannot be those of the profile."""


@transaction.atomic
def change_contact(
    profile: Profile,
    *,
    by: User,
    email: str,
    phone: str,
    address: str,
    seen: str | None = None,
    reason: str = "",
) -> Profile:
    """Give a profile an address, a phone of its own; empty, those of the account serve.

    ``seen`` is the text of what the form was shown with: a change made since then stays.
    The owner is told by mail, at the address of the account, of what somebody else changed. A new
    address serves once the owner has confirmed it.
    """
    locked: Profile = Profile.objects.select_for_update(of=["self"]).get(pk=profile.pk)
    is_own = locked.user_id == by.pk
    if not is_own and (refusal := refusal_to_decide(locked, by, highest_role(locked))):
        raise ContactError(refusal)
    if locked.state not in Profile.LIVING:
        raise ContactError(f"Le profil sur {locked.entity} est {locked.get_state_display()}.")
    before = contact_of(locked)
    if seen is not None and seen != contact_text(locked):
        raise ContactError(
            "Ces coordonnées ont changé depuis l’affichage de cette page. Elles sont maintenant : "
            f"{', '.join(filter(None, before.values())) or 'celles du compte'}. Relisez votre "
            "saisie, puis enregistrez de nouveau."
        )
    after = {"email": email.strip(), "phone": phone.strip(), "address": address.strip()}
    if before == after:
        return locked
    for name, value in after.items():
        setattr(locked, name, value)
    check_contact(locked)
    _save(locked, is_new_address=after["email"] != before["email"])
    _record(locked, by=by, before=before, after=after, reason=reason)
    if not is_own:
        notify(Notice.PROFILE_CONTACT_CHANGED, locked.pk)
    return locked


def _save(profile: Profile, *, is_new_address: bool) -> None:
    if is_new_address:
        mark_address(profile)
    profile.save(update_fields=[*CONTACT, "email_verified_at"])
    if is_new_address:
        ask_to_confirm(profile)


def contact_of(profile: Profile) -> dict[str, str]:
    return {name: getattr(profile, name) for name in CONTACT}


def contact_text(profile: Profile) -> str:
    """As a form carries it, to know whether it has changed since."""
    return json.dumps(contact_of(profile), sort_keys=True)


def check_contact(profile: Profile) -> None:
    others = {field.name for field in Profile._meta.fields} - set(CONTACT)
    try:
        profile.clean_fields(exclude=others)
    except ValidationError as refusal:
        raise ContactError(" ".join(refusal.messages)) from refusal


def _record(profile: Profile, *, by: User, **details: Any) -> None:
    profile.user.forget_rights()
    record(
        "account.profile_contact_changed",
        by=by,
        target=f"{profile.user.username} · {profile}",
        place=None if profile.body_id else profile.entity,
        **{name: value for name, value in details.items() if value},
    )
