"""What a person may set, and who changed each page of it last."""

from dataclasses import dataclass

from accounts.models import User
from config.administration.pages import SUBJECTS, Page
from journal.models import Entry


@dataclass(frozen=True, slots=True)
class Line:
    """A page, and what was done last from it; None when the journal knows of nothing."""

    page: Page
    last: Entry | None


def subjects_for(user: User) -> list[tuple[str, list[Line]]]:
    """What this person may set, by subject, each with its last change, in one query more."""
    offered = [
        (subject.label, [page for page in subject.pages if may_open(user, page)])
        for subject in SUBJECTS
    ]
    last = last_changes({verb for _, pages in offered for page in pages for verb in page.verbs})
    return [
        (label, [Line(page, latest(page, last)) for page in pages])
        for label, pages in offered
        if pages
    ]


def may_open(user: User, page: Page) -> bool:
    return any(user.may(action) for action in page.actions)


def last_changes(verbs: set[str]) -> dict[str, Entry]:
    """The last entry of each verb; the index of verbs answers it."""
    found = Entry.objects.filter(verb__in=verbs).order_by("verb", "-at", "-pk").distinct("verb")
    return {entry.verb: entry for entry in found.select_related("by")}


def latest(page: Page, last: dict[str, Entry]) -> Entry | None:
    return max((last[verb] for verb in page.verbs if verb in last), key=when, default=None)


def when(entry: Entry):
    return entry.at
