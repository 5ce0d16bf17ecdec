"""What the pages of a transmission share: the list, the pharmacies, the row within reach."""

from dataclasses import dataclass
from typing import Final, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import User
from common.numbers import format_integer, row_number
from establishments.access import refusal
from establishments.models import AdministrativeBody, Establishment
from establishments.perimeter import Action
from medications.models import MonitoredList
from pui.models import Pui, Transmission
from pui.rights import READ, WRITE, read_action, write_action

Slug = MonitoredList.Slug
Trail = list[tuple[str, str]]

WRITERS: Final = tuple(dict.fromkeys(WRITE.values()))
READERS: Final = tuple(dict.fromkeys(READ.values()))
WITH_PLACE: Final = ("establishment__legal_entity", "establishment__region")
WITH_ALL: Final = (
    *(f"pui__{path}" for path in WITH_PLACE),
    "monitored_list",
    "received_by",
)
STOCK_OF: Final = {
    Slug.OTHERS: "des autres médicaments",
    Slug.FLU: "du vaccin grippe",
    Slug.COVID: "des vaccins COVID",
    Slug.DEVICES: "des dispositifs de vaccination",
}
STEPS: Final = ("Choisir le fichier", "Vérifier le fichier", "Accusé de réception")


@dataclass(frozen=True, slots=True)
class Ars:
    """Whom to write to when a due day is closed, or a code is missing from the list."""

    name: str
    mailbox: str


def list_of(request: HttpRequest, slug: str) -> MonitoredList:
    """The list, for those who declare it or read what is declared; 403 for the others."""
    found = get_object_or_404(MonitoredList, slug=slug)
    if not any(map(request.user.may, (write_action(found), read_action(found)))):
        raise PermissionDenied(refusal(read_action(found)))
    return found


def list_to_write(request: HttpRequest, slug: str) -> MonitoredList:
    found = list_of(request, slug)
    if not request.user.may(write_action(found)):
        raise PermissionDenied(refusal(write_action(found)))
    return found


def own_puis(user: User, monitored_list: MonitoredList) -> QuerySet[Pui]:
    """The open pharmacies for which a person declares this list."""
    rows: QuerySet[Pui] = Pui.objects.for_user(user, to=write_action(monitored_list))
    return rows.filter(closed_on=None).select_related(*WITH_PLACE)


def pui_among(rows: QuerySet[Pui], number: object) -> Pui | None:
    """The one asked for; out of reach it does not exist. None: no number was given."""
    text = str(number or "")
    if not text:
        return None
    return get_object_or_404(rows, pk=row_number(text))


def readable(user: User, monitored_list: MonitoredList) -> QuerySet[Transmission]:
    """What was transmitted within reach; those who declare see their drafts and refusals too."""
    rows = Transmission.objects.filter(monitored_list=monitored_list).select_related(*WITH_ALL)
    read = rows.for_user(user, to=read_action(monitored_list)).filter(state__in=Transmission.STORED)
    if not user.may(write_action(monitored_list)):
        return cast("QuerySet[Transmission]", read)
    return cast(
        "QuerySet[Transmission]", read | rows.for_user(user, to=write_action(monitored_list))
    )


def transmission_of(
    request: HttpRequest, slug: str, number: UUID, *, to_write: bool = False
) -> Transmission:
    """The row within reach, else 404; ``to_write``: in reach without the right is 403."""
    monitored_list = list_of(request, slug)
    row = get_object_or_404(readable(request.user, monitored_list), number=number)
    if to_write and not may_write_row(request.user, row):
        raise PermissionDenied(refusal(write_action(monitored_list)))
    return row


def may_write_row(user: User, row: Transmission) -> bool:
    return (
        Pui.objects.for_user(user, to=write_action(row.monitored_list))
        .filter(pk=row.pui_id)
        .exists()
    )


def address_of(row: Transmission, name: str = "detail", **more: str) -> str:
    kwargs = {"slug": row.monitored_list_id, "number": row.number, **more}
    return reverse(f"pui:transmission_{name}", kwargs=kwargs)


def start_address(monitored_list: MonitoredList, pui: Pui | None = None) -> str:
    address = reverse("pui:transmission", kwargs={"slug": monitored_list.pk})
    return f"{address}?pui={pui.pk}" if pui else address


def history_address(monitored_list: MonitoredList, pui: Pui | None = None) -> str:
    address = reverse("pui:transmission_history", kwargs={"slug": monitored_list.pk})
    return f"{address}?pui={pui.pk}" if pui else address


def words_of(monitored_list: MonitoredList) -> dict[str, object]:
    """How a page names the list and what it counts: devices have no UCD."""
    is_devices = monitored_list.pk == Slug.DEVICES
    label = str(monitored_list)
    return {
        "monitored_list": monitored_list,
        "title": f"Transmettre le stock {STOCK_OF[Slug(monitored_list.pk)]}",
        "stock_of": STOCK_OF[Slug(monitored_list.pk)],
        "list_label": label if is_devices else f"UCD {label}",
        "code_word": "dispositif" if is_devices else "UCD",
        "code_words": "dispositifs" if is_devices else "UCD",
        "followed_words": "dispositifs suivis" if is_devices else "UCD suivies",
        "start_url": start_address(monitored_list),
    }


def missing_sentence(count: int, monitored_list: MonitoredList) -> str:
    """« 6 UCD de la liste ne sont pas dans le fichier : elles resteront vides »."""
    is_devices = monitored_list.pk == Slug.DEVICES
    they = "il" if is_devices else "elle"
    if count < 2:
        what = "dispositif" if is_devices else "UCD"
        told = f"n’est pas dans le fichier\u00a0: {they} restera vide"
    else:
        what = "dispositifs" if is_devices else "UCD"
        told = f"ne sont pas dans le fichier\u00a0: {they}s resteront vides"
    return f"{format_integer(count)}\u00a0{what} de la liste {told} (ce n’est pas 0)"


def trail(monitored_list: MonitoredList, pui: Pui | None = None) -> Trail:
    """The pages above, below « e-Dispostock »."""
    name = (
        "Transmission"
        if monitored_list.pk == Slug.OTHERS
        else f"Stock {STOCK_OF[Slug(monitored_list.pk)]}"
    )
    return [(name, start_address(monitored_list, pui))]


def step(number: int) -> dict[str, object]:
    """Where one is among the three steps."""
    following = STEPS[number] if number < len(STEPS) else ""
    return {
        "step": number,
        "step_title": STEPS[number - 1],
        "next_step": f"{following[:1].lower()}{following[1:]}",
    }


def ars_of(site: Establishment) -> Ars | None:
    """The agency of the region of a site, when it can be written to."""
    if site.region is None:
        return None
    body = AdministrativeBody.objects.filter(
        kind=AdministrativeBody.Kind.ARS, region=site.region
    ).first()
    mailbox = (body.mailbox if body else "") or site.region.mailbox
    return Ars(body.name if body else f"ARS {site.region}", mailbox) if mailbox else None


def may_reopen(user: User, pui: Pui) -> bool:
    return Pui.objects.for_user(user, to=Action.MED_REOPEN).filter(pk=pui.pk).exists()
