"""What each verb of the journal says, in words; a test finds the verb that has none.

The sentence follows the name of who acted; ``Label.nobody`` stands for them when nobody is known.
"""

from collections.abc import Container, Iterator

from accounts.journal_page.labels import (
    accounts,
    administration,
    orders,
    steering,
    stocks,
    support,
    vaccines,
)
from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    **accounts.FAMILIES,
    **administration.FAMILIES,
    **stocks.FAMILIES,
    **vaccines.FAMILIES,
    **orders.FAMILIES,
    **steering.FAMILIES,
    **support.FAMILIES,
}
LABELS: dict[str, Label] = {
    verb: label for family in FAMILIES.values() for verb, label in family.items()
}


def label_of(verb: str) -> Label:
    """The words of a verb; one that a past version wrote and no longer knows is shown as it is."""
    return LABELS.get(verb) or Label(verb, f"a fait «\u00a0{verb}\u00a0»")


def choices(verbs: Container[str] = LABELS) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """These actions as a drop-down list names them, by family; a family without any is left out."""
    for family, labels in FAMILIES.items():
        if offered := [(verb, label.title) for verb, label in labels.items() if verb in verbs]:
            yield family, offered
