"""The answer to a correction, written to who asked."""

from django.db.models import Q
from django.urls import reverse

from accounts.models import Profile
from accounts.notices.aid import write_to
from common.numbers import format_integer
from orders.models import Basis, CapacityRequest


def tell_answer(row: CapacityRequest) -> None:
    """At the address they gave for this place; who left is not written to."""
    site = row.establishment
    places = Q(establishment=site) | Q(legal_entity=site.legal_entity_id)
    held = Profile.objects.usable().filter(places, user=row.asked_by, user__is_active=True)
    profile = held.select_related("user").first()
    if profile is None:
        return
    what = f"nombre de {Basis(row.basis).label}s"
    lines = [
        f"Établissement\u00a0: {site} ({site.finess_text}).",
        f"Vous aviez demandé\u00a0: {format_integer(row.asked)} (nombre connu alors\u00a0: "
        f"{'inconnu' if row.known is None else format_integer(row.known)}).",
        f"Réponse\u00a0: {row.get_state_display()}.",
        *([row.answer] if row.answer else []),
    ]
    write_to(
        [profile.mail_address],
        subject=f"Correction de capacité {row.get_state_display()}\u00a0: {what}",
        lines=lines,
        path=reverse("orders:capacity", args=[site.finess]),
    )
