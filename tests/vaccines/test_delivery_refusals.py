"""What of a line forbids to write its delivery, and what a difference told beforehand allows."""

import pytest
from django.utils import timezone

from tests.vaccines.builders import make_line, make_wave, planned
from tests.vaccines.wave_world import world as _world
from vaccines.models import Reception
from vaccines.services.deliveries import Delivery, DeliveryError, write_deliveries

world = _world


@pytest.fixture
def line(world):
    made = make_wave(world.day(-2), vaccine=world.vaccine)
    row = make_line(made, pui=world.first, recipient=world.places[0], first_doses=66)
    return planned(row, 66, world.day(-2))


def write(world, line, delivery):
    seen = {line.pk: Delivery.of(line).mark}
    write_deliveries(by=world.spf, wave=line.wave, typed={line.pk: delivery}, seen=seen)
    line.refresh_from_db()


def test_a_line_taken_away_is_not_delivered_any_more(world, line):
    line.removed_at, line.removal = timezone.now(), "officine"
    line.save()
    with pytest.raises(DeliveryError) as refusal:
        write(world, line, Delivery(world.day(), 60))
    assert "supprimée" in refusal.value.refusals[0]
    line.refresh_from_db()
    assert line.planned_doses == 66


def test_a_delivery_received_whole_does_not_change(world, line):
    line.received_whole_at = timezone.now()
    line.save()
    with pytest.raises(DeliveryError) as refusal:
        write(world, line, Delivery(world.day(), 60))
    assert "terminée" in refusal.value.refusals[0]


def test_what_left_is_written_though_the_pharmacy_told_why_more_came(world, line):
    Reception.objects.create(line=line, received_on=world.day(-1), doses=72, told_by=world.spf)
    sent = Delivery(world.day(-2), 66, world.day(-2), 66)
    with pytest.raises(DeliveryError):
        write(world, line, sent)
    line.gap_reason = "Un flacon de plus par carton"
    line.save()
    write(world, line, sent)
    assert line.shipped_doses == 66
