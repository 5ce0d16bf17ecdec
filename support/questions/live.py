"""What an answer shows of today's data: who is served, which categories, where each ARS reads."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.doctor import Facts
from common.french import alphabetical
from establishments.models import EstablishmentCategory, Region
from establishments.rules import beneficiary_categories
from orders.eligibility import mailboxes_known
from orders.rules import served_regions
from support.models import Question


@dataclass(frozen=True, slots=True)
class Live:
    """A part read from today's data: how it is drawn, and from what."""

    label: str
    template: str
    context: Callable[[], dict[str, Any]]


def live_parts(questions: Iterable[Question]) -> dict[str, SafeString]:
    """The parts that some questions show, each drawn once."""
    names = {one.live for one in questions} & set(LIVE)
    return {name: render_to_string(LIVE[name].template, LIVE[name].context()) for name in names}


def beneficiaries() -> dict[str, Any]:
    today = timezone.localdate()
    served = served_regions(today)
    return {
        "categories": EstablishmentCategory.objects.filter(pk__in=beneficiary_categories(today)),
        "away": [one for one in _regions() if one.pk not in served],
    }


def mailboxes() -> dict[str, Any]:
    known = mailboxes_known(Facts([]))
    found = [(region, known.get(region.pk, "")) for region in _regions()]
    return {"mailboxes": [(region, mailbox) for region, mailbox in found if mailbox]}


def _regions() -> list[Region]:
    return sorted(Region.objects.all(), key=alphabetical)


LIVE = {
    "beneficiaires": Live(
        "Catégories et régions servies", "support/questions/live_beneficiaries.html", beneficiaries
    ),
    "boites-ars": Live(
        "Boîtes aux lettres des ARS", "support/questions/live_mailboxes.html", mailboxes
    ),
}
