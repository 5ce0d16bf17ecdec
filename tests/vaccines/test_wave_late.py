"""A wave opened again under its name gains no line once its needs are closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.vaccines.wave_world import world as _world
from vaccines.services.waves import WaveError, open_wave

world = _world


def test_a_wave_whose_deadline_is_past_gains_nobody_under_its_name(world):
    asked = world.asked(world.places[:1])
    wave, _ = open_wave(by=world.spf, opening=world.opening(), asked=asked)
    wave.needs_due_at = timezone.now() - timedelta(hours=1)
    wave.save()
    late = world.opening(needs_due_at=wave.needs_due_at)
    with pytest.raises(WaveError, match="est passée"):
        open_wave(by=world.spf, opening=late, asked=world.asked())
    assert wave.lines.count() == 1
