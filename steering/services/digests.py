"""The bulletin by mail: who asked for it, and who gets it, once, as long as their right lasts."""

from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import Profile, User
from accounts.notices.aid import write_to
from common.weeks import week_label
from establishments.models import Region
from journal.services import record
from steering.models import Bulletin, DigestSending, DigestSubscription
from steering.situation.content import Content
from steering.situation.digest import lines_of
from steering.situation.territory import (
    Territory,
    country,
    reader_for,
    region_territory,
)

SALT = "steering.digest"
TEMPLATE = "notices/bulletin_digest.txt"
SENT_FOR = timedelta(days=6)  # after its publication, a bulletin leaves for nobody any more


class DigestError(Exception):
    """Nothing changed. The message is for the person, in French."""


@transaction.atomic
def subscribe(profile: Profile, region: Region | None, *, by: User) -> None:
    """Twice is harmless."""
    if profile.user_id != by.pk:
        raise DigestError("Ce profil est celui d’une autre personne.")
    territory = region_territory(region) if region else country()
    if not reader_for(by, territory).held:
        raise DigestError("Votre profil ne vous permet pas de lire ce bulletin.")
    _, is_new = DigestSubscription.objects.get_or_create(profile=profile, region=region)
    if is_new:
        record("steering.digest_subscribed", by=by, target=territory.name, profile=profile)


@transaction.atomic
def unsubscribe(profile: Profile, region: Region | None, *, by: User | None) -> None:
    """``by`` is None from the link of the mail, which anybody who has the mail may follow."""
    count, _ = DigestSubscription.objects.filter(profile=profile, region=region).delete()
    if count:
        name = region.name if region else country().name
        record("steering.digest_unsubscribed", by=by, target=name, profile=profile)


def token_of(subscription: DigestSubscription) -> str:
    return signing.dumps(subscription.pk, salt=SALT)


def subscription_of(token: str) -> DigestSubscription | None:
    """None when the link is not ours, or when the subscription has ended."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    rows = DigestSubscription.objects.select_related("profile__user", "region")
    found: DigestSubscription | None = rows.filter(pk=pk).first()
    return found


def send_due(now: datetime) -> int:
    """Each bulletin just made to whoever asked for it before; say how many mails were queued."""
    fresh = Bulletin.objects.filter(version=1, published_at__gte=now - SENT_FOR)
    return sum(_send(one, fresh_content(one)) for one in fresh.select_related("region"))


def fresh_content(bulletin: Bulletin) -> Content:
    """That of the version in force when the mail leaves."""
    rows = Bulletin.objects.of(bulletin.region).filter(week=bulletin.week)
    last = rows.order_by("-version").values_list("content", flat=True)[:1].get()
    return Content.read(last)


def _send(bulletin: Bulletin, content: Content) -> int:
    sent = DigestSending.objects.filter(bulletin=bulletin, profile=OuterRef("profile"))
    rows = DigestSubscription.objects.filter(
        ~Exists(sent), region=bulletin.region, created_at__lt=bulletin.published_at
    )
    territory = region_territory(bulletin.region) if bulletin.region else country()
    before = before_of(bulletin)
    told = rows.select_related("profile__user", "region").order_by("pk")
    return sum(_send_one(one, bulletin, territory, content, before) for one in told)


def before_of(bulletin: Bulletin) -> Content:
    """The bulletin of the week before, as it stands; empty when there is none."""
    rows = Bulletin.objects.of(bulletin.region).filter(week=bulletin.week - timedelta(weeks=1))
    kept = rows.order_by("-version").values_list("content", flat=True).first()
    return Content.read(kept) if kept else Content()


def _send_one(
    subscription: DigestSubscription,
    bulletin: Bulletin,
    territory: Territory,
    content: Content,
    before: Content,
) -> bool:
    """The mark and the mail together or not at all: a worker killed between two mails sends none
    twice. Who may not read the territory any more receives nothing."""
    user: User = subscription.profile.user
    user.chosen_profile_id = subscription.profile_id
    held = reader_for(user, territory).held if user.is_active else {}
    actions = [one.value for one in held]
    if user.active_profile != subscription.profile or not content.readable(actions).parts:
        return False
    try:
        with transaction.atomic():
            DigestSending.objects.create(bulletin=bulletin, profile=subscription.profile)
            page = territory.address("bulletin", bulletin.week)
            leave = reverse("steering:digest_leave", args=[token_of(subscription)])
            write_to(
                [subscription.profile.mail_address],
                subject=f"Bulletin de la semaine {week_label(bulletin.week)}, {territory.name}",
                lines=lines_of(content.readable(actions), before, leave=leave),
                path=page,
                template=TEMPLATE,
            )
    except IntegrityError:
        return False
    return True
