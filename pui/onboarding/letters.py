"""What is written to the pharmacists: where e-Dispostock is, and who their APE is [001]."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.models import Profile
from accounts.notices.mails import write
from pui.models import OnboardingLine, SwitchOver
from pui.onboarding.board import lines_of
from pui.onboarding.people import people_of

TEMPLATE = "onboarding_pharmacist"


def pharmacist_mail(numbers: Sequence[int], profile_number: int) -> EmailMultiAlternatives | None:
    """The mail, from the rows as they are when it leaves; none when it is out of date."""
    rows = OnboardingLine.objects.filter(pk__in=numbers, validated_at__isnull=False)
    lines = list(lines_of(rows))
    profile = (
        Profile.objects.usable()
        .select_related("user")
        .filter(pk=profile_number, user__is_active=True)
        .first()
    )
    if not lines or profile is None:
        return None
    region = lines[0].onboarding.region
    apes = [one.text for people in people_of(lines).values() for one in people.apes]
    context = {
        "name": str(profile.user),
        "puis": ", ".join(map(str, lines)),
        "apes": list(dict.fromkeys(apes)),
        "switch": SwitchOver.objects.filter(region=region).first(),
        "region": region,
        "home_link": f"{settings.SITE_URL}{reverse('pui:home')}",
        "access_link": f"{settings.SITE_URL}{reverse('access')}?application=stock-pharmacie",
    }
    return write(TEMPLATE, profile.mail_address, context)
