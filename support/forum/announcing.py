"""A post just written: its letters are written by the task worker, not while somebody waits."""

from procrastinate.contrib.django import app

from support.models import ForumPost

ANNOUNCE = "support.tasks.forum.announce_forum_post"


def announce(post: ForumPost) -> None:
    """Queue it in the transaction under way: rolled back, nobody is told."""
    app.configure_task(ANNOUNCE).defer(post=post.pk)
