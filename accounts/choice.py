"""The profile in use is kept in the session; changing it gives the session a new number."""

from accounts.middleware import SESSION_KEY


def use_profile(request, profile):
    """Work under ``profile`` from now on, in every module, until another is chosen."""
    request.session[SESSION_KEY] = profile.pk
    request.session.cycle_key()
    request.user.chosen_profile_id = profile.pk
