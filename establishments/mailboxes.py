"""Where the administrations read what waits for them."""

from establishments.models import AdministrativeBody, Region

Kind = AdministrativeBody.Kind


def agency_mailbox(region: Region | None) -> str:
    """Of the ARS of a region: its own, else the one known of the region; blank when none is."""
    if region is None:
        return ""
    bodies = AdministrativeBody.objects.filter(kind=Kind.ARS, region=region).exclude(mailbox="")
    return bodies.order_by("pk").values_list("mailbox", flat=True).first() or region.mailbox


def national_mailboxes() -> list[str]:
    """Of the national cell."""
    bodies = AdministrativeBody.objects.filter(kind=Kind.NATIONAL).exclude(mailbox="")
    return list(bodies.order_by("pk").values_list("mailbox", flat=True))
