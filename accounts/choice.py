"""The profile in use is kept in the session; changing it gives the session a new number."""

from allauth.usersessions.models import UserSession

from accounts.middleware import SESSION_KEY


def use_profile(request, profile):
    """Work under ``profile`` from now on, in every module, until another is chosen."""
    former_key = request.session.session_key
    request.session[SESSION_KEY] = profile.pk
    request.session.cycle_key()
    # the list of one's open sessions follows the new number
    UserSession.objects.filter(session_key=former_key).update(
        session_key=request.session.session_key
    )
    request.user.chosen_profile_id = profile.pk
