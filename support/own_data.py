"""What help holds on a person, for the file of their own data: all that they wrote."""

from accounts.models import User
from accounts.own_data import Part, part
from support.models import ForumFollow, ForumPost, ForumReader, ForumReport, TicketMessage

POSTS = ("Le", "Sujet", "Texte", "Signé", "Modifié le", "Masqué", "Image jointe")
MESSAGES = ("Le", "Demande", "De la part de", "Texte")
READ_BY_ASKER = (TicketMessage.Kind.QUESTION, TicketMessage.Kind.ANSWER)


def parts(user: User) -> list[Part]:
    return [
        part("Messages dans Agora", POSTS, _posts(user)),
        part("Signalements dans Agora", ("Le", "Sujet", "Motif", "Précision"), _reports(user)),
        part("Abonnements dans Agora", ("Depuis le", "Sujet ou thème"), _follows(user)),
        part("Lecture seule dans Agora", ("Jusqu’au", "Motif"), _restriction(user)),
        part("Messages à l’assistance", MESSAGES, _messages(user)),
    ]


def _posts(user: User):
    rows = ForumPost.objects.filter(by=user).select_related("topic", "image").order_by("at", "pk")
    for one in rows.defer("image__content"):
        signed = ", ".join(filter(None, [one.entity, one.role]))
        has_image = hasattr(one, "image")
        yield one.at, one.topic.title, one.text, signed, one.edited_at, one.hidden_reason, has_image


def _reports(user: User):
    rows = ForumReport.objects.filter(by=user).select_related("post__topic")
    return [(one.at, one.post.topic.title, one.get_reason_display(), one.note) for one in rows]


def _follows(user: User):
    rows = ForumFollow.objects.filter(user=user).select_related("topic", "theme")
    return [(one.at, str(one)) for one in rows]


def _restriction(user: User):
    rows = ForumReader.objects.filter(pk=user.pk, restricted_until__isnull=False)
    return rows.values_list("restricted_until", "restricted_reason")


def _messages(user: User):
    """Those of one's requests that one reads, and those that one wrote in others."""
    own = TicketMessage.objects.filter(ticket__opened_by=user, kind__in=READ_BY_ASKER)
    rows = own | TicketMessage.objects.filter(by=user, kind__in=READ_BY_ASKER)
    return [
        (one.at, str(one.ticket), one.author, one.text)
        for one in rows.select_related("ticket").order_by("at", "pk")
    ]
