"""A pharmacy closes after its last day, and opens again with all its past."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.services import record
from pui.models import Pui, ServedEstablishment, Transmission
from pui.services.register import RegisterError, reached, save


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing a pharmacy did besides."""

    pui: Pui
    no_longer_served: list[Establishment]


@transaction.atomic
def close_pui(
    *, by: User, pui: Pui, on: date, reason: str, to: Action = Action.PUI_WRITE
) -> Closing:
    """Close a pharmacy after its last day ``on``; everything it declared stays. Journaled.

    The establishments that it served are no longer served from the day after.
    """
    kept = reached(by, pui, to)
    reason = reason.strip()
    if not kept.is_open:
        raise RegisterError(f"{kept} est déjà fermée, depuis le {kept.closed_on:%d/%m/%Y}.")
    if not reason:
        raise RegisterError(
            "Dites pourquoi la PUI ferme\u00a0: le motif reste dans son historique."
        )
    check_last_day(kept, on)
    kept.closed_on, kept.closing_reason = on, reason[:250]
    kept.save(update_fields=["closed_on", "closing_reason"])
    ended = end_serving(kept, on)
    record(
        "pui.closed",
        by=by,
        target=kept,
        place=kept.establishment,
        on=on.isoformat(),
        reason=reason,
        no_longer_served=[one.finess for one in ended],
        pui=kept.pk,
    )
    return Closing(kept, ended)


def check_last_day(pui: Pui, on: date) -> None:
    if on > timezone.localdate():
        raise RegisterError(
            "La date de fermeture ne peut pas être à venir\u00a0: jusque-là, la PUI déclare."
        )
    if pui.opened_on and on < pui.opened_on:
        raise RegisterError(
            f"La PUI est suivie depuis le {pui.opened_on:%d/%m/%Y}\u00a0: elle ne peut pas fermer "
            "avant."
        )
    sent = Transmission.objects.filter(pui=pui, state__in=Transmission.STORED)
    last: datetime | None = (
        sent.order_by("-confirmed_at").values_list("confirmed_at", flat=True).first()
    )
    if last and timezone.localtime(last).date() > on:
        raise RegisterError(
            f"La PUI a transmis un stock le {timezone.localtime(last):%d/%m/%Y}\u00a0: sa "
            "fermeture ne peut pas être plus ancienne."
        )


def end_serving(pui: Pui, on: date) -> list[Establishment]:
    """End what was served on that day or later, in one go; say which establishments."""
    lasting = ServedEstablishment.objects.filter(pui=pui).select_related("establishment")
    ended = [one for one in lasting if one.ends_on is None or one.ends_on > on]
    for one in ended:
        if one.starts_on > on:
            one.delete()
        else:
            one.ends_on = on
            one.save(update_fields=["ends_on"])
    return [one.establishment for one in ended]


@transaction.atomic
def reopen_pui(*, by: User, pui: Pui) -> Pui:
    """Open a closed pharmacy again, with all its past; whom it serves is to be declared again.

    It owes what falls due from that day on, nothing of the days when it was closed.
    """
    kept = reached(by, pui)
    if kept.closed_on is None:
        raise RegisterError(f"{kept} est déjà ouverte.")
    if not kept.establishment.is_open:
        raise RegisterError(
            f"{kept.establishment} est fermé dans FINESS\u00a0: créez une autre PUI."
        )
    before = {"closed_on": kept.closed_on.isoformat(), "reason": kept.closing_reason}
    today = timezone.localdate()
    if kept.closed_on < today - timedelta(days=1):  # else it missed no day
        if kept.reopened_on is None or kept.closed_on >= kept.reopened_on:  # else away all along
            kept.last_closed_on = kept.closed_on
        kept.reopened_on = today
    kept.closed_on, kept.closing_reason = None, ""
    save(kept, update_fields=["closed_on", "closing_reason", "last_closed_on", "reopened_on"])
    record("pui.reopened", by=by, target=kept, place=kept.establishment, before=before, pui=kept.pk)
    return kept
