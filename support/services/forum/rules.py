"""Who may write in the forum, now, and what may be written."""

from django.utils import timezone

from accounts.limits import FailureLimit, TooManyFailuresError
from accounts.models import User
from establishments.perimeter import Action
from support.models import ForumReader, ForumTopic
from support.services.forum.errors import ForumError

LONGEST_TEXT, LONGEST_TITLE = 10_000, 150
SHORTEST_TEXT, SHORTEST_TITLE = 2, 8
PACE = FailureLimit("forum_posts", ((20, 3600), (100, 24 * 3600)))


def take_turn(by: User) -> None:
    """One act of a person at a time: the second of two clicks finds what the first one wrote."""
    ForumReader.objects.get_or_create(user=by)
    ForumReader.objects.select_for_update(no_key=True).get(pk=by.pk)


def check_writer(by: User) -> None:
    """Raise ForumError when this person only reads."""
    if not by.may(Action.FORUM_POST):
        raise ForumError("Connectez-vous pour écrire dans le forum.")
    if refusal := why_read_only(by):
        raise ForumError(refusal)


def why_read_only(user: User) -> str:
    """Until when this person only reads, and why; empty when they may write."""
    reader = ForumReader.objects.restricted(timezone.localdate()).filter(pk=user.pk).first()
    if reader is None:
        return ""
    return (
        "Vous lisez le forum sans y écrire jusqu’au "
        f"{reader.restricted_until:%d/%m/%Y} inclus. Motif\u00a0: {reader.restricted_reason}"
    )


def check_moderator(by: User) -> None:
    if not by.may(Action.FORUM_MODERATE):
        raise ForumError("L’assistance seule modère le forum.")


def check_pace(by: User) -> None:
    """Take one of the places of the hour, or tell when the next one is free."""
    try:
        PACE.begin(str(by.pk))
    except TooManyFailuresError as full:
        until = timezone.localtime(full.until)
        raise ForumError(
            "Vous avez écrit beaucoup de messages en peu de temps. Le prochain pourra partir à "
            f"{until.hour}\u00a0h\u00a0{until:%M}. Votre texte reste ci-dessous."
        ) from None


def clean_title(title: str) -> str:
    """On one line, long enough to be understood in a list."""
    kept = " ".join(title.replace("\x00", "").split())
    if not SHORTEST_TITLE <= len(kept) <= LONGEST_TITLE:
        raise ForumError(
            f"Un titre compte de {SHORTEST_TITLE} à {LONGEST_TITLE} signes\u00a0: écrivez votre "
            "question en une phrase."
        )
    return kept


def clean_text(text: str) -> str:
    kept = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(kept) < SHORTEST_TEXT:
        raise ForumError("Écrivez votre message avant de l’envoyer.")
    if len(kept) > LONGEST_TEXT:
        raise ForumError(
            f"Votre message compte {len(kept)} signes, pour 10\u00a0000 au plus\u00a0: résumez-le, "
            "ou écrivez-en deux."
        )
    return kept


def clean_reason(reason: str, what: str) -> str:
    kept = " ".join(reason.replace("\x00", "").split())
    if not kept:
        raise ForumError(f"Dites {what}\u00a0: la personne le lira.")
    return kept[:500]


def locked_topic(pk: int) -> ForumTopic:
    """The topic, alone to change it; merged meanwhile, the one it was merged into."""
    rows = ForumTopic.objects.select_for_update(of=("self",), no_key=True)
    topic: ForumTopic = rows.get(pk=pk)
    while topic.merged_into_id is not None:
        topic = rows.get(pk=topic.merged_into_id)
    return topic
