"""The first visit: who orders, asked once for each profile, before the first order [003]."""

from accounts.models import Profile
from orders.models import Registration


def is_registered(profile: Profile) -> bool:
    """Whether the registration form was filled under this profile."""
    return Registration.objects.filter(profile=profile).exists()
