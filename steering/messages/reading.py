"""What a person reads: the messages that reach the profile in use, and one of them opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.models import Profile, User
from establishments.models import Establishment
from pui.models import Pui
from steering.messages.audience import addressed_to, matched_keys, reached_by
from steering.messages.following import may_follow
from steering.models import Message, Reading
from steering.services.message_rules import sender_of

PUBLISHED = Prefetch(
    "corrections", queryset=Message.objects.sent().select_related("sender"), to_attr="published"
)


def readers_of(user: User) -> list[Profile]:
    """The profile in use; all of them as long as none is chosen."""
    active = user.active_profile
    return [active] if active else user.usable_profiles


def received_by(user: User) -> QuerySet[Message]:
    """Those that reach this person under the profile in use, withdrawn or not, with what they did:
    ``is_read``, ``is_done``.
    """
    readers = readers_of(user)
    own = Reading.objects.filter(message=OuterRef("pk"), profile__in=[one.pk for one in readers])
    found: QuerySet[Message] = (
        Message.objects.sent()
        .filter(addressed_to(readers))
        .select_related("sender")
        .annotate(is_read=Exists(own), is_done=Exists(own.filter(acknowledged_at__isnull=False)))
        .order_by("-sent_at", "-pk")
    )
    return found


def in_force_for(user: User) -> QuerySet[Message]:
    """Those still to be read and done, for one who has a profile."""
    if not readers_of(user):
        return Message.objects.none()
    return received_by(user).in_force()  # type: ignore[attr-defined,no-any-return]


def received_messages(user: User, asked: str, today: date) -> QuerySet[Message]:
    """One shelf of the list: in force, unread, to do, old, or all."""
    rows = received_by(user)
    current = Message.objects.in_force(today).values("pk")
    match asked:
        case "non-lus":
            return rows.filter(pk__in=current, is_read=False)
        case "a-faire":
            return rows.filter(pk__in=current, nature=Message.Nature.ACTION, is_done=False)
        case "anciens":
            return rows.exclude(pk__in=current)
        case "tous":
            return rows
    return rows.filter(pk__in=current)


@dataclass(frozen=True, slots=True)
class Opened:
    """A message as one person opens it.

    ``profiles`` are those of theirs that it reaches, ``reading`` what they did under the first of
    these, the profile in use before others (``is_of_another``: it is not one of them); both empty
    for who only follows it.
    """

    message: Message
    profiles: Sequence[Profile]
    profile: Profile | None
    reading: Reading | None
    is_writer: bool
    is_follower: bool
    is_in_force: bool
    is_of_another: bool

    @property
    def correction(self) -> Message | None:
        """The one that corrects it."""
        published: list[Message] = self.message.published  # type: ignore[attr-defined]
        return published[0] if published else None

    @property
    def is_hidden(self) -> bool:
        """Withdrawn: its readers read why in place of its text and files."""
        return self.message.is_withdrawn and not self.is_writer

    @property
    def is_done(self) -> bool:
        return bool(self.reading and self.reading.acknowledged_at)

    @property
    def waits_for(self) -> bool:
        """Whether it still asks this person for something."""
        return self.message.is_for_action and self.is_in_force and not self.is_done


def open_message(user: User, pk: int, now_on: date | None = None) -> Opened:
    """The message, for who receives, writes or follows it; else it does not exist."""
    today = now_on or timezone.localdate()
    rows = Message.objects.sent().select_related("sender", "sent_by", "withdrawn_by", "corrects")
    message = rows.prefetch_related(PUBLISHED).filter(pk=pk).first()
    if message is None:
        raise Http404
    held = {one.pk: one for one in user.usable_profiles}
    numbers = reached_by(message).filter(pk__in=held).order_by("pk").values_list("pk", flat=True)
    profiles = [held[number] for number in numbers]
    is_writer = message.sender == sender_of(user)
    is_follower = is_writer or may_follow(user, message)
    if not profiles and not is_follower:
        raise Http404
    active = user.active_profile
    profile = active if active in profiles else next(iter(profiles), None)
    reading = Reading.objects.filter(message=message, profile=profile).first() if profile else None
    is_in_force = bool(Message.objects.in_force(today).filter(pk=pk))
    return Opened(
        message,
        profiles,
        profile,
        reading,
        is_writer,
        is_follower,
        is_in_force,
        is_of_another=profile != active,
    )


class Concern:
    """« Concerne vos 2 PUI »: of the places of one's profile, counted once for all the messages."""

    def __init__(self, profile: Profile | None) -> None:
        self._profile = profile
        self._counts: dict[str, int] = {}

    def sentence(self, message: Message) -> str:
        profile = self._profile
        if profile is None or profile.body_id:
            return ""
        if matched_keys(message, profile) == {"GF"}:
            return _said(self._count("pui", profile), "Concerne votre PUI.", "PUI")
        if profile.legal_entity_id:
            return _said(self._count("site", profile), "", "établissements")
        return ""

    def _count(self, what: str, profile: Profile) -> int:
        if what not in self._counts:
            self._counts[what] = _pharmacies(profile) if what == "pui" else _sites(profile)
        return self._counts[what]


def _said(count: int, alone: str, several: str) -> str:
    if count > 1:
        return f"Concerne vos {count}\u00a0{several}."
    return alone if count else ""


def _pharmacies(profile: Profile) -> int:
    rows = Pui.objects.open_on(timezone.localdate())
    if profile.establishment_id:
        return int(rows.filter(establishment=profile.establishment_id).count())
    return int(rows.filter(establishment__legal_entity=profile.legal_entity_id).count())


def _sites(profile: Profile) -> int:
    return int(Establishment.objects.open().filter(legal_entity=profile.legal_entity_id).count())
