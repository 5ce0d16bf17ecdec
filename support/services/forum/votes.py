"""« Moi aussi » on a question, « utile » on an answer: one a person, taken back at will."""

from django.db import transaction

from accounts.models import User
from support.models import ForumPost, ForumVote
from support.services.forum.errors import ForumError
from support.services.forum.rules import check_writer


@transaction.atomic
def vote(*, by: User, post: ForumPost, is_for: bool) -> None:
    """Twice the same is once. An opinion changes nothing but a count: the journal keeps none."""
    check_writer(by)
    if post.by_id == by.pk:
        raise ForumError("On ne donne pas son avis sur son propre message.")
    if not ForumPost.objects.of_shown_topics().filter(pk=post.pk).exists():
        raise ForumError("Ce message n’est plus affiché.")
    if is_for:
        ForumVote.objects.get_or_create(post=post, user=by)
    else:
        ForumVote.objects.filter(post=post, user=by).delete()
