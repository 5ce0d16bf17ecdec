"""From a request for help to mutual aid: the need that answers it, open already or prefilled."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from establishments.perimeter import Action, Holder
from establishments.redistribution.states import Urgency
from pui.models import HelpRequest, MedicineNeed

ASKED: Final = "demande"  # its number in the address: what people write stays out of it
Asked = HelpRequest.Urgency
URGENCIES: Final = {
    Asked.TODAY: (Urgency.TODAY, 0),
    Asked.DAYS: (Urgency.SOON, 3),
    Asked.WEEK: (Urgency.WEEK, 7),
}


def need_address(request: HelpRequest) -> str:
    """The need that is open for this pharmacy and this medicine, else the form, prefilled.

    Blank for a UCD that is grouped under no reference: mutual aid counts references.
    """
    reference = reference_of(request)
    if reference is None:
        return ""
    needs = MedicineNeed.objects.open().filter(pui=request.pui_id, reference=reference)
    known = needs.values_list("pk", flat=True).first()
    if known:
        return reverse("aid_medicines:need", args=[known])
    return f"{reverse('aid_medicines:open')}?{urlencode({ASKED: request.pk})}"


def reference_of(request: HelpRequest) -> int | None:
    if request.reference_id is None and request.product:
        return request.product.reference_id
    return request.reference_id


def prefilled(user: Holder, query: Mapping[str, str]) -> dict[str, Any]:
    """What a request says of a need; nothing of one that this person does not answer."""
    number = query.get(ASKED, "")
    if not (number.isdecimal() and len(number) < 10):
        return {}
    rows = HelpRequest.objects.for_user(user, to=Action.AID_PROPOSE)
    request = rows.select_related("pui__establishment", "product").filter(pk=number).first()
    if request is None:
        return {}
    urgency, days = URGENCIES[Asked(request.urgency)]
    return {
        "place": request.pui,
        "goods": reference_of(request),
        "quantity": request.quantity,
        "urgency": urgency,
        "reason": request.reason,
        "wanted_on": timezone.localdate() + timedelta(days=days),
    }
