"""What a search over the whole platform finds of steering: messages."""

from collections.abc import Sequence

from accounts.models import User
from common.search import Group
from steering.messages.searching import message_group


def find(user: User, words: str) -> Sequence[Group]:
    return message_group(user, words)
