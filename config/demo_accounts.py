"""The demonstration's accounts, listed on its login page: who they are and what they hold."""

from django.conf import settings

from accounts.models import Profile
from config.demo.people import PASSWORD, people_to_try


def demo_accounts() -> dict | None:
    """The password of all, and each address with its places and roles; None out of the demo."""
    if not settings.DEMO:
        return None
    people = people_to_try().order_by("email")
    rows = [{"email": user.email, "role": describe(user.profiles.all())} for user in people]
    return {"password": PASSWORD, "people": rows} if rows else None


def describe(profiles) -> str:
    """« Opérateur d’inventaire EPI, Centre hospitalier du Val de Brenne »; each place once."""
    return " ; ".join(_described(one) for one in profiles) or "aucun profil"


def _described(profile: Profile) -> str:
    if profile.state != Profile.State.ACTIVE:
        return f"profil {profile.get_state_display()}, {profile}"
    return ", ".join(
        [*dict.fromkeys(one.get_role_display() for one in profile.rights), str(profile)]
    )
