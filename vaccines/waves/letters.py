"""What is written to the pharmacies of a wave: their new lines, a delivery that changed.

One job an event, which writes one mail a person, whatever the number of lines and of pharmacies.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from procrastinate.contrib.django import app

from accounts.notices.mails import render
from accounts.notices.sealed import queue_written
from pui.models import Pui
from pui.region.contacts import people_of, recipients_of
from vaccines.models import SupplyLine, Wave
from vaccines.waves.board import TOLD

LINES: Final = "vaccines.tasks.waves.announce_wave"
DEADLINE: Final = "vaccines.tasks.waves.announce_moved_deadline"
CHANGED: Final = "vaccines.tasks.waves.announce_deliveries"
SHIPPED: Final = "expédiées le"
MOST_TOLD: Final = 30  # lines of one mail; the page has them all
Mail = tuple[str, str, str]  # subject, text, address


def announce_lines(wave: Wave, puis: Collection[int]) -> None:
    """Tell these pharmacies that they have needs to type."""
    app.configure_task(LINES).defer(wave=wave.pk, puis=sorted(puis))


def announce_changes(changed: Mapping[int, str]) -> None:
    """Tell the pharmacies of these lines what was shown to them before."""
    if changed:
        before = {str(pk): text for pk, text in sorted(changed.items())}
        app.configure_task(CHANGED).defer(before=before)


def announce_deadline(wave: Wave, before: str) -> None:
    """Tell those whose need is missing until when they may type it now."""
    app.configure_task(DEADLINE).defer(wave=wave.pk, before=before)


def queue_lines(wave_id: int, pui_ids: Collection[int]) -> int:
    """Queue the mails of new lines, from the rows of now; say how many."""
    wave = Wave.objects.select_related("vaccine").get(pk=wave_id)
    rows = SupplyLine.objects.standing().filter(wave=wave, pui__in=pui_ids)
    return _queue("notices/supply_lines_opened.txt", rows_of(rows), {"wave": wave})


def queue_deadline(wave_id: int, before: str) -> int:
    """Queue the mails of a deadline moved, to the pharmacies whose need is missing now."""
    wave = Wave.objects.select_related("vaccine").get(pk=wave_id)
    rows = SupplyLine.objects.standing().filter(wave=wave, shipped_on=None).exclude(TOLD)
    words = {"wave": wave, "before": before}
    return _queue("notices/supply_deadline_moved.txt", rows_of(rows), words)


def queue_changes(before: Mapping[str, str]) -> int:
    """Queue the mails of deliveries that changed; a line taken away since is not told."""
    rows = list(rows_of(SupplyLine.objects.standing().filter(pk__in=list(map(int, before)))))
    for one in rows:
        one.before = before[str(one.pk)]  # type: ignore[attr-defined]
        one.now = delivery_text(one)  # type: ignore[attr-defined]
        one.is_shipment = is_shipment(before[str(one.pk)], delivery_text(one))  # type: ignore[attr-defined]
    return _queue("notices/supply_delivery_changed.txt", rows, {})


def is_shipment(before: str, now: str) -> bool:
    """What was announced left as it was announced: nothing of it changed."""
    return SHIPPED not in before and now.startswith(f"{before}, {SHIPPED}")


def rows_of(rows: Any) -> Iterable[SupplyLine]:
    found: Iterable[SupplyLine] = rows.select_related(
        "wave", "recipient", "pui__establishment"
    ).order_by("pui__sort_label", "pui_id", "recipient__sort_name", "pk")
    return found


def _queue(template: str, rows: Iterable[SupplyLine], context: dict[str, Any]) -> int:
    mails = list(mails_of(template, rows, context))
    for subject, text, address in mails:
        queue_written(subject, text, address)
    return len(mails)


def mails_of(template: str, rows: Iterable[SupplyLine], context: dict[str, Any]) -> Iterator[Mail]:
    """One for each address, with the lines of all its pharmacies."""
    puis: dict[int, Pui] = {}
    lines: dict[int, list[SupplyLine]] = {}
    for one in rows:
        puis.setdefault(one.pui_id, one.pui)
        lines.setdefault(one.pui_id, []).append(one)
    people = people_of(puis.values())
    told: dict[str, list[SupplyLine]] = {}
    for pk, pui in puis.items():
        for address in recipients_of(pui, people[pk]):
            told.setdefault(address, []).extend(lines[pk])
    for address, mine in told.items():
        words = context | {
            "lines": mine[:MOST_TOLD],
            "count": len(mine),
            "more": max(0, len(mine) - MOST_TOLD),
            "shipments": all(getattr(one, "is_shipment", False) for one in mine),
            "puis": list(dict.fromkeys(one.pui.label for one in mine)),
            "link": f"{settings.SITE_URL}{reverse('vaccines:supply')}",
        }
        yield (*written(template, words), address)


def written(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """The first line of the template is the subject; the frame is that of every mail."""
    subject, _, body = render(template, context).strip().partition("\n")
    text = render("notices/frame.txt", {**context, "body": body.strip()})
    return f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", text.strip()


def delivery_text(line: SupplyLine) -> str:
    """« le 09/02/2021, 82 doses, expédiées le 08/02/2021 : 82 »."""
    day = f"le {line.expected_on:%d/%m/%Y}" if line.expected_on else "date à confirmer"
    doses = f"{line.planned_doses} doses" if line.planned_doses is not None else "doses à confirmer"
    parts = [day, doses]
    if line.shipped_on:
        parts.append(f"{SHIPPED} {line.shipped_on:%d/%m/%Y}\u00a0: {line.shipped_doses}")
    return ", ".join(parts)
