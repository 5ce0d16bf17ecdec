"""What is sent at once, without a preview: stored or told line by line, once for each key."""

import pytest

from journal.models import Entry
from pui.models import LatestStock, Transmission
from pui.services.at_once import transmit_at_once
from pui.services.transmitting import (
    TransmittingError,
)
from pui.transfer.errors import LinesRefusedError
from pui.transfer.shapes import RawLine
from tests.pui.builders import make_transmission
from tests.pui.transfer.conftest import NOW, stocks

pytestmark = pytest.mark.django_db
State = Transmission.State


def test_what_is_sent_at_once_is_stored_or_told_line_by_line(
    gf, pui, autres, due_on, propofol, midazolam
):
    fields = {"by": gf, "pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    wrong = [RawLine(1, ("9999014",), "", "12", "-1"), RawLine(2, ("9999021",), "", 1, 1)]
    with pytest.raises(LinesRefusedError) as refusal:
        transmit_at_once(wrong, origin="api", **fields)
    assert refusal.value.lines[0].remarks[0].column == "CMJ"
    assert not Transmission.objects.exists()
    done = transmit_at_once(wrong, origin="api", without_refused=True, **fields)
    assert done.transmission.state == State.CONFIRMED
    assert stocks() == {"9999021": 1}


def test_large_changes_sent_at_once_must_be_said_exact(gf, pui, autres, due_days, due_on, propofol):
    make_transmission(pui, {propofol: (24, 6)}, by=gf, due_on=due_days[0], now=NOW)
    fields = {"by": gf, "pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    lines = [RawLine(1, ("9999014",), "", 240, 6)]
    with pytest.raises(LinesRefusedError):
        transmit_at_once(lines, origin="grid", **fields)
    transmit_at_once(lines, origin="grid", changes_are_exact=True, **fields)
    assert LatestStock.objects.get().stock == 240


def test_the_same_key_is_the_same_transmission_and_no_other(gf, pui, autres, due_on, propofol):
    fields = {"by": gf, "pui": pui, "monitored_list": autres, "due_on": due_on, "now": NOW}
    lines = [RawLine(1, ("9999014",), "", 240, 6)]
    first = transmit_at_once(lines, origin="api", key="k1", **fields)
    again = transmit_at_once(lines, origin="api", key="k1", **fields)
    assert (again.transmission, bool(again.already)) == (first.transmission, True)
    other = [RawLine(1, ("9999014",), "", 241, 6)]
    with pytest.raises(TransmittingError, match="clé d’idempotence"):
        transmit_at_once(other, origin="api", key="k1", **fields)
    twin = transmit_at_once(lines, origin="api", key="k2", **fields)
    assert twin.transmission == first.transmission
    assert Entry.objects.filter(verb="pui.transmitted").count() == 1
