"""A route says who may use it; a perimeter is empty unless granted."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from establishments.access import allows, everyone, public
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action, Perimeter, union
from tests.builders import make_department, make_establishment, make_person, make_region

codes = st.frozensets(st.sampled_from(["11", "24", "75"]))
numbers = st.frozensets(st.integers(1, 5))
perimeters = st.builds(Perimeter, st.booleans(), codes, codes, numbers, numbers)


def view(request):
    return HttpResponse("vu")


def request_of(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


@pytest.mark.django_db
def test_an_action_opens_the_route_to_its_holders_and_tells_the_others():
    guarded = allows(Action.REF_WRITE)(view)
    assert guarded(request_of(make_person("NAT"))).status_code == 200
    with pytest.raises(PermissionDenied, match="ne vous permet pas de corriger les nomenclatures"):
        guarded(request_of(make_person("ARA")))


@pytest.mark.django_db
def test_one_of_several_actions_is_enough():
    guarded = allows(Action.REF_WRITE, Action.REF_READ)(view)
    assert guarded(request_of(make_person("USR"))).status_code == 200


def test_each_decorator_declares_the_access_of_the_route():
    assert allows(Action.REF_READ)(view).access.actions == (Action.REF_READ,)
    opened = public(lambda request: HttpResponse())
    assert opened.access.is_public
    assert opened.login_required is False
    closed = everyone(lambda request: HttpResponse())
    assert not closed.access.is_public
    assert getattr(closed, "login_required", True)


def test_nobody_holds_nothing():
    assert not Perimeter()
    assert not union([])
    assert not hasattr(AnonymousUser(), "perimeter_to")


@given(perimeters, perimeters, perimeters)
def test_uniting_perimeters_never_takes_away(one, other, third):
    whole = one | other
    assert whole == other | one
    assert whole | one == whole
    assert (one | other) | third == one | (other | third)
    assert whole.is_national == (one.is_national or other.is_national)
    assert one.region_codes <= whole.region_codes
    assert one | Perimeter() == one


@pytest.mark.django_db
def test_a_perimeter_keeps_what_is_inside_and_nothing_else():
    loiret = make_establishment()
    paris = make_establishment(
        department=make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    )
    everything = Establishment.objects.order_by("pk")
    assert list(everything.within(Perimeter())) == []
    assert list(everything.within(Perimeter(is_national=True))) == [loiret, paris]
    assert list(everything.within(Perimeter(region_codes=frozenset({"11"})))) == [paris]
    assert list(everything.within(Perimeter(department_codes=frozenset({"45"})))) == [loiret]
    held = Perimeter(establishment_ids=frozenset({loiret.pk})) | Perimeter(
        legal_entity_ids=frozenset({paris.legal_entity_id})
    )
    assert list(everything.within(held)) == [loiret, paris]


@pytest.mark.django_db
def test_an_entity_is_inside_by_itself_or_by_one_of_its_sites():
    site = make_establishment()
    make_establishment()
    by_site = Perimeter(establishment_ids=frozenset({site.pk}))
    itself = Perimeter(legal_entity_ids=frozenset({site.legal_entity_id}))
    assert list(LegalEntity.objects.within(by_site)) == [site.legal_entity]
    assert list(LegalEntity.objects.within(itself)) == [site.legal_entity]
    assert list(LegalEntity.objects.within(Perimeter())) == []
