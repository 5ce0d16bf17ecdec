"""Equipment in tension, in a sentence."""

from collections.abc import Sequence

from orders.tension.state import ItemState


def listed(names: Sequence[str]) -> str:
    """« Masques FFP2, surblouses et gants »: a capital for the first alone."""
    words = [*names[:1], *(f"{name[0].lower()}{name[1:]}" for name in names[1:])]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} et {words[-1]}"


def names_of(states: Sequence[ItemState]) -> str:
    return listed([one.name for one in states]) if states else ""


def tense_in_words(states: Sequence[ItemState]) -> str:
    """With the day since which they are, once when it is the same for all."""
    days = {one.since for one in states}
    if len(days) == 1:
        return f"{names_of(states)}, depuis le {days.pop():%d/%m/%Y}"
    return listed([f"{one.name}, depuis le {one.since:%d/%m/%Y}" for one in states])
