"""The link of a mail that stops the mails of a topic or a theme, without logging in."""

from django.core import signing

from support.models import ForumFollow

SALT = "support.forum.unfollow"


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
