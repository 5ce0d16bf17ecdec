"""Both ends of a line are open and of the region of whoever corrects it, whatever a form says."""

from datetime import date

import pytest

from tests.vaccines.corrections.acts import create, move
from vaccines.corrections.planning import CorrectionError
from vaccines.models import SupplyLine


def close(place):
    place.closed_on = date(2021, 1, 1)
    place.save()


def test_a_recipient_of_another_region_is_refused_beside_a_pharmacy_of_ones_own(two):
    with pytest.raises(CorrectionError, match="n’est pas de votre région"):
        move(two.omedit, two.one, to=two.lyonnais, pui=two.saint_aubin)
    with pytest.raises(CorrectionError, match="n’est pas de votre région"):
        create(two.omedit, two.first, two.lyonnais, pui=two.saint_aubin)
    assert not SupplyLine.objects.filter(recipient=two.lyonnais).exists()


def test_a_closed_recipient_gets_no_line(two):
    close(two.roseraie)
    with pytest.raises(CorrectionError, match="fermé"):
        move(two.omedit, two.one, to=two.roseraie)
    with pytest.raises(CorrectionError, match="fermé"):
        create(two.omedit, two.first, two.roseraie)


def test_a_closed_pharmacy_gets_no_line(two):
    close(two.blois)
    with pytest.raises(CorrectionError, match="fermée"):
        move(two.omedit, two.one, pui=two.blois)
