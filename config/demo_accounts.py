"""The demonstration's accounts, listed on its login page: who they are and what they hold."""

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Prefetch

from accounts.models import Profile, User
from config.demo.people import PASSWORD

DEMO_ADDRESS = "@demo.example"


def demo_accounts() -> dict | None:
    """The password of all, and each address with its places and roles; None out of the demo.

    Most people of the fictitious country have no password: nobody logs in as them.
    """
    if not settings.DEMO:
        return None
    profiles = Prefetch("profiles", queryset=Profile.objects.usable().with_rights())
    people = User.objects.filter(email__endswith=DEMO_ADDRESS).exclude(
        password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    rows = [
        {"email": user.email, "role": describe(user.profiles.all())}
        for user in people.order_by("email").prefetch_related(profiles)
    ]
    return {"password": PASSWORD, "people": rows} if rows else None


def describe(profiles) -> str:
    """« Opérateur d’inventaire EPI, Centre hospitalier du Val de Brenne »; each place once."""
    said = [
        ", ".join([*dict.fromkeys(one.get_role_display() for one in profile.rights), str(profile)])
        for profile in profiles
    ]
    return " ; ".join(said) or "aucun profil"
