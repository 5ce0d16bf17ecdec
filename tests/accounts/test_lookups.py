"""How a row is reached: 404 outside the perimeter, 403 inside it without the right."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.lookups import can, get_in_perimeter, require
from establishments.models import Establishment
from establishments.perimeter import Action
from tests.builders import make_establishment, make_person, make_user

pytestmark = pytest.mark.django_db


def look_up(user, site):
    sites = Establishment.objects.select_related("region")
    return get_in_perimeter(sites, user, to=Action.EPI_READ, finess=site.finess)


def test_inside_the_perimeter_a_row_is_found():
    site = make_establishment()
    assert look_up(make_person("APE", on=site), site) == site


def test_outside_it_does_not_exist():
    with pytest.raises(Http404) as refusal:
        look_up(make_person("APE"), make_establishment())
    assert str(refusal.value) == ""


def test_nobody_without_profile_sees_anything():
    with pytest.raises(Http404):
        look_up(make_user(), make_establishment())


def test_inside_without_the_right_it_is_refused_with_a_sentence():
    site = make_establishment()
    reader = make_person("APE", on=site)
    assert not can(reader, Action.EPI_WRITE, site)
    with pytest.raises(PermissionDenied, match="ne vous permet pas de remplir l’inventaire"):
        require(reader, Action.EPI_WRITE, site)
    require(make_person("OIE", on=site), Action.EPI_WRITE, site)
