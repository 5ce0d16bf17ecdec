"""Every minute: what people entered with ends with their session, their account, their profile."""

from datetime import timedelta

from allauth.idp.oidc.models import Token
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.identity.entry import end
from accounts.identity.tasks import QUEUE
from accounts.models import Profile, SignOn

KEPT = timedelta(days=30)


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, queueing_lock="end_groundless")
def end_groundless(timestamp: int) -> None:
    """End those that lost their ground, and tell their applications.

    Their tokens were already refused: each use checks the same, and the right to enter besides.
    """
    for sign_on in groundless()[:1000]:
        with transaction.atomic():
            end(sign_on)


@app.periodic(cron="40 3 * * *")
@app.task(queue=QUEUE, queueing_lock="forget_tokens")
def forget_tokens(timestamp: int) -> None:
    """The journal keeps who entered; what served to check it is not kept longer than a month."""
    Token.objects.expired().delete()
    SignOn.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()


def groundless() -> "QuerySet[SignOn]":
    now = timezone.now()
    opened = Session.objects.filter(
        session_key=OuterRef("session__session_key"), expire_date__gt=now
    )
    lost = (
        Q(session__isnull=True)
        | ~Exists(opened)
        | Q(user__is_active=False)
        | Q(application__revoked_at__isnull=False)
        | Q(profile__isnull=False) & ~Q(profile__state=Profile.State.ACTIVE)
    )
    return SignOn.objects.living().filter(lost).select_related("application__client", "user")
