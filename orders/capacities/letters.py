"""The answer to a correction, written to who asked."""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from accounts.models import Profile
from accounts.notices.sealed import queue_written
from common.numbers import format_integer
from orders.models import Basis, CapacityRequest
from pui.sharing.letters import written


def tell_answer(row: CapacityRequest) -> None:
    """At the address they gave for this place; who left is not written to."""
    site = row.establishment
    places = Q(establishment=site) | Q(legal_entity=site.legal_entity_id)
    held = Profile.objects.usable().filter(places, user=row.asked_by, user__is_active=True)
    profile = held.select_related("user").first()
    if profile is None:
        return
    address = reverse("orders:capacity", args=[site.finess])
    context = {
        "site": site,
        "basis": f"{Basis(row.basis).label}s",
        "asked": format_integer(row.asked),
        "known": "rien" if row.known is None else format_integer(row.known),
        "state": row.get_state_display(),
        "answer": row.answer,
        "link": f"{settings.SITE_URL}{address}",
    }
    queue_written(*written("notices/capacity_answered.txt", context), profile.mail_address)
