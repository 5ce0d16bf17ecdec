"""What the task worker does for help, by subject."""

from support.tasks import contact, forum

__all__ = [
    "contact",
    "forum",
]
