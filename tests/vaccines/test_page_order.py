"""The people vaccinated and the recalls typed on one page are compared with one another."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.vaccines.builders import make_line, make_vaccine, make_wave, planned
from vaccines.recalls import Need
from vaccines.services.needs import TypedNeed
from vaccines.services.page import Typed, save_page
from vaccines.services.receptions import Vaccinated

pytestmark = pytest.mark.django_db


def test_recalls_are_compared_with_the_people_typed_with_them(gf, pui, tilleuls):
    """66 came, 72 were vaccinated [000]: told together, 70 recalls ask why."""
    today, vaccine = timezone.localdate(), make_vaccine()
    place = {"pui": pui, "recipient": tilleuls}
    first = make_line(make_wave(today - timedelta(days=21), vaccine=vaccine), **place)
    planned(first, 66, today - timedelta(days=21))
    wave = make_wave(
        today + timedelta(days=7), vaccine=vaccine, needs_due_at=timezone.now() + timedelta(days=1)
    )
    second = make_line(wave, recalled=first, **place)
    need = TypedNeed(Need(10, 70))
    typed = Typed(needs={second.pk: need}, vaccinated={first.pk: Vaccinated(72)})
    saved = save_page(by=gf, typed=typed)
    assert saved.vaccinated.saved == [first]
    assert [one.field for one in saved.needs.refused[second.pk]] == ["comment"]
