"""What is always true of the lines of vaccines, whatever people do [000]."""

from collections import Counter

from pui.history import SYSTEM
from vaccines.corrections.history import changes_of, events_of
from vaccines.models import SupplyLine

Flow = SupplyLine.Flow


def nothing_more_is_received_than_shipped_unless_somebody_says_why(line):
    expected = line.planned_doses if line.shipped_doses is None else line.shipped_doses
    received = sum(one.doses for one in line.receptions.all())
    assert received <= (expected or 0) or line.gap_reason
    assert not line.received_whole_at or received == expected or line.gap_reason
    assert not (line.removed_at and received)


def recalls_are_traceable_to_first_injections(lines):
    """From any line one comes to a first delivery, which recalls nobody."""
    for step in lines.values():
        if step.removed_at:
            continue
        while step.recalled_id:
            before = lines[step.recalled_id]
            assert before.removed_at is None
            assert before.recipient_id == step.recipient_id
            assert before.wave.vaccine_id == step.wave.vaccine_id
            assert before.wave.delivers_on < step.wave.delivers_on
            assert not (before.flow == Flow.B and step.flow == Flow.A)
            step = before
        assert not step.second_doses
        assert not any(
            one.recipient_id == step.recipient_id
            and one.wave.delivers_on < step.wave.delivers_on
            and not one.removed_at
            for one in lines.values()
        ), "a first delivery has none before it"


def the_history_is_complete(line, acts):
    """Its last state is the line; each act is told, and by whom."""
    last = events_of(SupplyLine, pgh_obj=line.pk).last()
    for one in SupplyLine._meta.concrete_fields:
        if one.name != "id":
            assert getattr(last, one.attname) == getattr(line, one.attname)
    changes = changes_of(line)
    assert all(one.who != SYSTEM for one in changes)
    assert all("\u00a0: " in one.what for one in changes if one.what.startswith(WITH_REASON))
    said = Counter(one.what.partition("\u00a0:")[0] for one in changes)
    assert {what: said[what] for what in acts} == acts


WITH_REASON = ("Ligne déplacée", "Ligne supprimée", "Ligne remise")
BLANK = {
    "first": None,
    "second": None,
    "says": "",
    "planned": None,
    "shipped": None,
    "people": None,
    "removed": False,
    "received": [],
}


def held(line):
    return {
        "flow": line.flow,
        "recipient": line.recipient_id,
        "pui": line.pui_id,
        "first": line.first_doses,
        "second": line.second_doses,
        "says": line.comment,
        "planned": line.planned_doses,
        "shipped": line.shipped_doses,
        "people": line.vaccinated,
        "removed": line.removed_at is not None,
        "received": [one.doses for one in sorted(line.receptions.all(), key=lambda one: one.pk)],
    }
