"""The link of a mail that stops the mails of a topic or a theme, or all, without logging in."""

from django.core import signing

from support.models import ForumFollow, ForumReader

SALT = "support.forum.unfollow"
SILENCE = "support.forum.silence"


def unfollow_token(follow: ForumFollow) -> str:
    """Names one subscription of one person, and can be used for nothing else."""
    return signing.dumps(follow.pk, salt=SALT)


def followed_by(token: str) -> ForumFollow | None:
    """The subscription, while there is one; None too when the link was not written by us."""
    try:
        number = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    rows = ForumFollow.objects.select_related("topic", "theme", "user")
    found: ForumFollow | None = rows.filter(pk=number).first()
    return found


def silence_token(reader: ForumReader) -> str:
    """Names one person who wants no daily mail any more."""
    return signing.dumps(reader.pk, salt=SILENCE)


def silenced_by(token: str) -> ForumReader | None:
    """The person, while they receive the daily mail."""
    try:
        number = signing.loads(token, salt=SILENCE)
    except signing.BadSignature:
        return None
    rows = ForumReader.objects.filter(pace=ForumReader.Pace.DAILY).select_related("user")
    found: ForumReader | None = rows.filter(pk=number).first()
    return found
