"""What is written to the pharmacists: where e-Dispostock is, and who their APE is [001]."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.models import Profile
from accounts.notices.mails import write
from pui.models import OnboardingLine, SwitchOver
from pui.onboarding.board import lines_of
from pui.onboarding.people import people_of

TEMPLATE = "onboarding_pharmacist"


def pharmacist_mail(line_number: int, profile_number: int) -> EmailMultiAlternatives | None:
    """The mail, from the rows as they are when it leaves; none when it is out of date."""
    line = lines_of(OnboardingLine.objects.filter(pk=line_number)).first()
    profile = (
        Profile.objects.usable()
        .select_related("user")
        .filter(pk=profile_number, user__is_active=True)
        .first()
    )
    if line is None or profile is None or line.validated_at is None:
        return None
    region = line.onboarding.region
    context = {
        "name": str(profile.user),
        "pui": str(line),
        "apes": [one.text for one in people_of([line])[line.pk].apes],
        "switch": SwitchOver.objects.filter(region=region).first(),
        "region": region,
        "home_link": f"{settings.SITE_URL}{reverse('pui:home')}",
        "access_link": f"{settings.SITE_URL}{reverse('access')}?application=stock-pharmacie",
    }
    return write(TEMPLATE, profile.email or profile.user.email, context)
