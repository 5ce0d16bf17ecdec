"""What pharmacies are told: that their lines were put right, that their report was answered."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from accounts.models import Profile, User
from accounts.notices.sealed import queue_written
from pui.models import Pui
from pui.region.contacts import people_of, recipients_of
from pui.sharing.letters import written
from vaccines.corrections.planning import Pair
from vaccines.models import LineReport, SupplyLine

MOST: Final = 20  # lines in a mail


def tell_pharmacies(by: User, verb: str, pairs: Sequence[Pair], reason: str) -> None:
    """One mail for each pharmacy that gains, loses or keeps some of these lines."""
    concerned: dict[Pui, list[str]] = {}
    for pair in pairs:
        for pui in {pair.before.pui, pair.after.pui}:
            concerned.setdefault(pui, []).append(sentence(verb, pair, pui))
    people = people_of(concerned)
    for pui, said in concerned.items():
        context = {
            "pui": pui,
            "lines": said[:MOST],
            "others": len(said) - MOST if len(said) > MOST else 0,
            "count": len(said),
            "reason": reason,
            "sender": sender_of(by),
            "link": _page(),
        }
        _send(*written("notices/lines_corrected.txt", context), recipients_of(pui, people[pui.pk]))


def sentence(verb: str, pair: Pair, pui: Pui) -> str:
    """What happened to a line, as its pharmacy reads it."""
    before, after = pair.before, pair.after
    line = f"{after.wave}, {after.recipient}"
    match verb:
        case "vaccines.line_created":
            return f"{line}\u00a0: ligne créée"
        case "vaccines.line_removed":
            return f"{line}\u00a0: ligne supprimée"
        case "vaccines.line_restored":
            return f"{line}\u00a0: ligne remise"
    if before.recipient_id != after.recipient_id:
        line = f"{after.wave}, {before.recipient}\u00a0: ligne déplacée vers {after.recipient}"
    else:
        line = f"{line}\u00a0: ligne déplacée"
    if before.pui_id == after.pui_id:
        return line
    return f"{line} (PUI\u00a0: {before.pui} → {after.pui})"


def tell_reporter(by: User, report: LineReport) -> None:
    """Who reported, while they still work there; else those who declare."""
    context = {
        "pui": report.pui,
        "kind": report.get_kind_display(),
        "about": about(report),
        "state": report.get_state_display(),
        "answer": report.answer,
        "sender": sender_of(by),
        "link": _page(),
    }
    site = report.pui.establishment
    works_there = Profile.objects.usable().filter(
        Q(establishment=site) | Q(legal_entity=site.legal_entity_id),
        user=report.told_by,
        user__is_active=True,
    )
    profile = works_there.select_related("user").first()
    people = people_of([report.pui])[report.pui_id]
    to = [profile.mail_address] if profile else recipients_of(report.pui, people)
    _send(*written("notices/line_report_answered.txt", context), to)


def about(report: LineReport) -> str:
    """The recipient it speaks of, and the wave when it is known."""
    line: SupplyLine | None = report.line
    recipient = report.recipient or (line.recipient if line else None)
    wave = report.wave or (line.wave if line else None)
    return ", ".join(str(one) for one in (recipient, wave) if one)


def sender_of(by: User) -> str:
    body = by.active_profile.body if by.active_profile else None
    return str(body or by)


def _page() -> str:
    return f"{settings.SITE_URL}{reverse('vaccines:supply')}"


def _send(subject: str, text: str, addresses: Iterable[str]) -> None:
    for address in dict.fromkeys(filter(None, addresses)):
        queue_written(subject, text, address)
