"""What a search over the whole platform finds: each app offers ``search.find(user, words)``.

``config`` collects the groups; an app answers only for what this person may open. One that numbers
things offers ``search.exact(user, words)`` too: the one whose whole number was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, the words that tell it from its like, its page."""

    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind (« Établissements »), and the page that shows them all."""

    label: str
    hits: Sequence[Hit]
    more_url: str = ""
    more_label: str = ""
    order: int = 0
