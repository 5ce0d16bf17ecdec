"""A habilitation whose last day has passed leaves its place to another of the same role."""

from django.db.models import Value
from django.utils import timezone

from accounts.models import Habilitation, Profile

OVER = "Arrivée à son terme."


def release_ended(*profiles: Profile) -> None:
    """Close what is over on profiles that the caller has locked; nobody took it back."""
    rights = Habilitation.objects.filter(
        profile__in=profiles, state=Habilitation.State.ACTIVE, ends_on__lt=timezone.localdate()
    )
    rights.update(state=Habilitation.State.REVOKED, reason=Value(OVER), decided_by=None)
