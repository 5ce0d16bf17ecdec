"""What a person wrote and follows in Agora, for the archive of their data."""

from collections.abc import Iterator
from typing import Any

from accounts.models import User
from accounts.own_data import Part, part
from support.models import ForumFollow, ForumPost, ForumReader, ForumReport

TOLD = {(ForumPost, "by"), (ForumReport, "by"), (ForumFollow, "user"), (ForumReader, "user")}
POSTS = ("Le", "Sujet", "Texte", "Signé", "Modifié le", "Masqué", "Image jointe")


def parts(user: User) -> list[Part]:
    return [
        part("Messages dans Agora", POSTS, _posts(user)),
        part("Signalements dans Agora", ("Le", "Sujet", "Motif", "Précision"), _reports(user)),
        part("Abonnements dans Agora", ("Depuis le", "Sujet ou thème"), _follows(user)),
        part("Lecture seule dans Agora", ("Jusqu’au", "Motif"), _restriction(user)),
    ]


def _posts(user: User) -> Iterator[tuple[Any, ...]]:
    rows = ForumPost.objects.filter(by=user).select_related("topic", "image").order_by("at", "pk")
    for one in rows.defer("image__content"):
        signed = ", ".join(filter(None, [one.entity, one.role]))
        has_image = hasattr(one, "image")
        yield one.at, one.topic.title, one.text, signed, one.edited_at, one.hidden_reason, has_image


def _reports(user: User) -> list[tuple[Any, ...]]:
    rows = ForumReport.objects.filter(by=user).select_related("post__topic")
    return [(one.at, one.post.topic.title, one.get_reason_display(), one.note) for one in rows]


def _follows(user: User) -> list[tuple[Any, ...]]:
    rows = ForumFollow.objects.filter(user=user).select_related("topic", "theme")
    return [(one.at, str(one)) for one in rows]


def _restriction(user: User) -> list[tuple[Any, ...]]:
    rows = ForumReader.objects.filter(pk=user.pk, restricted_until__isnull=False)
    return list(rows.values_list("restricted_until", "restricted_reason"))
