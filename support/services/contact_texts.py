"""The texts of assistance held as data: the subjects offered, the answers written once."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from support.models import CannedAnswer, Subject
from support.services.errors import ContactError

NOT_ALLOWED = "Seules l’assistance et la cellule nationale changent ces textes."


@transaction.atomic
def save_canned_answer(*, by: User, canned: CannedAnswer) -> CannedAnswer:
    """Add an answer, or change one."""
    _check(by, canned)
    verb = "support.canned_changed" if canned.pk else "support.canned_added"
    canned.updated_by = by
    canned.save()
    record(verb, by=by, target=canned.title)
    return canned


@transaction.atomic
def save_subject(*, by: User, subject: Subject) -> Subject:
    """Change what is said of a subject, who answers it, how soon: for the requests to come."""
    _check(by, subject)
    before = Subject.objects.select_for_update().get(pk=subject.pk)
    subject.updated_by = by
    subject.save()
    record(
        "support.subject_changed",
        by=by,
        target=subject.label,
        before=_told(before),
        after=_told(subject),
    )
    return subject


def _told(subject: Subject) -> dict[str, str | int]:
    return {
        "operator": str(subject.get_service_display()),
        "days": subject.delay_days,
        "priority": str(subject.get_priority_display()),
    }


def _check(by: User, row: CannedAnswer | Subject) -> None:
    if not by.may(Action.HELP_WRITE):
        raise ContactError(NOT_ALLOWED)
    try:
        row.full_clean()
    except ValidationError as refusal:
        raise ContactError(" ".join(refusal.messages)) from refusal
