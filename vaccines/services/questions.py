"""The support form of the guide: kept, numbered, mailed to the desk that can answer."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.notices.sealed import queue_written
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.services import record
from pui.models import Pui
from vaccines.models import SupplyQuestion
from vaccines.needs.letters import desk_for, question_letter
from vaccines.services.refusals import SupplyError


@dataclass(frozen=True, slots=True)
class Asked:
    """The six fields; the pharmacy is given beside."""

    recipient: Establishment | None
    finess: str
    town: str
    text: str
    phone: str


@transaction.atomic
def ask(*, by: User, pui: Pui, asked: Asked) -> SupplyQuestion:
    """To SPF; to the pivot hospital for a recipient that it delivers; journaled, mailed."""
    if not Pui.objects.for_user(by, to=Action.VAC_REPORT).filter(pk=pui.pk).exists():
        raise SupplyError("Vous ne pouvez écrire que pour une PUI de votre profil.")
    row: SupplyQuestion = SupplyQuestion.objects.create(
        pui=pui,
        recipient=asked.recipient,
        finess=asked.finess,
        town=asked.town.strip(),
        text=asked.text.strip(),
        phone=asked.phone.strip(),
        desk=desk_for(pui, asked.recipient),
        told_by=by,
    )
    record(
        "vaccines.question_asked",
        by=by,
        target=row,
        place=pui.establishment,
        recipient=str(asked.recipient or ""),
        recipients=row.desk,
    )
    subject, text = question_letter(row)
    queue_written(subject, text, row.desk)
    return row
