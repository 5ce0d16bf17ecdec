"""What a pharmacy writes: a line to correct, to its region; whom a question on it is for."""

from django.conf import settings
from django.urls import reverse

from accounts.agencies import agency_addresses
from accounts.models import Domain, Habilitation, Profile, Role
from establishments.models import AdministrativeBody, Establishment, Region
from pui.models import Pui
from pui.sharing.letters import written
from vaccines.models import LineReport, SupplyLine


def report_readers(pui: Pui) -> list[str]:
    """The OMEDIT of the region and its agency: both correct lines; each address once."""
    region = pui.establishment.region
    return list(dict.fromkeys([*omedit_addresses(region), *agency_addresses(region)]))


def omedit_addresses(region: Region | None) -> list[str]:
    """Its mailbox, else the people who supervise for it; nobody for a place without OMEDIT."""
    bodies = AdministrativeBody.objects.filter(
        kind=AdministrativeBody.Kind.OMEDIT, region=region, region__isnull=False
    )
    boxes = bodies.exclude(mailbox="").order_by("pk").values_list("mailbox", flat=True)
    if boxes:
        return list(boxes)
    rights = Habilitation.objects.in_force().filter(
        domain=Domain.DISPOSTOCK,
        role=Role.SUPERVISOR,
        profile__body__in=bodies,
        profile__state=Profile.State.ACTIVE,
        profile__user__is_active=True,
    )
    people = rights.select_related("profile__user").order_by("pk")
    return list(dict.fromkeys(one.profile.mail_address for one in people))


def report_letter(row: LineReport) -> tuple[str, str]:
    """Subject and text."""
    link = f"{settings.SITE_URL}{reverse('vaccines:supply')}"
    context = {"row": row, "site": row.pui.establishment, "link": link}
    return written("notices/vaccine_line_reported.txt", context)


def pivot_desk(pui: Pui, recipient: Establishment | None) -> str:
    """The pivot hospital that delivers this recipient last, when one may write to it; else none."""
    rows = SupplyLine.objects.standing().filter(pui=pui, recipient=recipient)
    last = rows.select_related("pivot").order_by("-wave__delivers_on", "-pk").first()
    pivot = last.pivot if last else None
    return str(pivot.contact_email) if pivot else ""
