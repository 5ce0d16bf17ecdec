"""Who serves: the large list, the reroutes, the orders that move, the allocations pushed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.logistics import large_files
from orders.logistics.large_files import Mode
from orders.models import Beneficiary, Platform, Reroute
from orders.services.errors import OrderingError
from orders.services.large import ListChangedError, replace_large, save_platform
from orders.services.rerouting import end_reroute, start_reroute
from orders.services.routing import route_of
from tests.builders import make_person, make_region
from tests.orders.builders import make_beneficiary
from tests.orders.logistics.world import (
    asked,
    la_poste,
    reasons,
    spf,
)

pytestmark = pytest.mark.django_db


def test_a_region_or_the_country_goes_to_spf_until_it_is_ended(cell):
    la_poste(), spf()
    region, other = make_region(), make_region("11", "Île-de-France")
    assert route_of(None, region.pk).operator == la_poste()
    row = start_reroute(by=cell, region=region, reason="Entrepôt inondé")
    assert route_of(None, region.pk).operator == spf()
    assert "Entrepôt inondé" in route_of(None, region.pk).why
    assert route_of(None, other.pk).operator == la_poste()
    start_reroute(by=cell, region=None, reason="Grève")
    assert "Grève" in route_of(None, other.pk).why
    assert "inondé" in route_of(None, region.pk).why
    end_reroute(row, by=cell)
    assert "Grève" in route_of(None, region.pk).why
    end_reroute(Reroute.objects.in_force().get(), by=cell)
    assert route_of(None, region.pk).operator == la_poste()


def test_a_territory_is_rerouted_once_with_a_reason_by_the_national_cell(cell):
    with pytest.raises(OrderingError, match="pourquoi"):
        start_reroute(by=cell, region=None, reason="  ")
    row = start_reroute(by=cell, region=None, reason="Grève")
    with pytest.raises(OrderingError, match="déjà réacheminé"):
        start_reroute(by=cell, region=None, reason="Encore")
    with pytest.raises(OrderingError, match="cellule nationale"):
        start_reroute(by=make_person("SPF", domain="distrilog"), region=None, reason="x")
    end_reroute(row, by=cell)
    with pytest.raises(OrderingError, match="déjà levé"):
        end_reroute(row, by=cell)


def test_who_serves_is_found_in_one_statement(cell):
    la_poste(), spf()
    start_reroute(by=cell, region=None, reason="Grève")
    with CaptureQueriesContext(connection) as found:
        route_of(make_beneficiary(), make_region().pk)
    statements = [one for one in found if "reroute" in one["sql"] or "body" in one["sql"]]
    assert len(statements) == 1


def test_each_refused_line_of_the_large_list_says_why(north):
    place, former = make_beneficiary(), make_beneficiary(is_listed=False)
    drafted = large_files.check(
        asked(
            ("999999999", "nord"),
            ("pas un numéro", "nord"),
            (former.finess, "nord"),
            (place.finess, ""),
            (place.finess, "ouest"),
        ),
        Mode.REPLACE,
    )
    told = reasons(drafted)
    assert "sans plateforme" in told.values()
    assert {line for line in told} == {2, 3, 4, 5, 6}
    assert not drafted.is_ready


def test_the_list_is_replaced_added_to_or_taken_from(cell, north):
    spf()
    south = Platform.objects.create(code="sud", label="Plateforme Sud")
    first, second, third = (make_beneficiary() for _ in range(3))

    def write(mode, *rows):
        drafted = large_files.check(asked(*rows), mode)
        assert drafted.is_ready
        return replace_large(drafted.platforms, by=cell, seen=drafted.seen, is_whole=True)

    written = write(Mode.REPLACE, (first.finess, "nord"), (second.finess, "NORD"))
    assert written == {"added": 2, "changed": 0, "removed": 0}
    written = write(Mode.ADD, (second.finess, "sud"), (third.finess, "sud"))
    assert written == {"added": 1, "changed": 1, "removed": 0}
    assert write(Mode.REMOVE, (first.finess, "")) == {"added": 0, "changed": 0, "removed": 1}
    assert set(Beneficiary.objects.filter(platform=south)) == {second, third}
    written = write(Mode.REPLACE, (first.finess, "nord"))
    assert written == {"added": 1, "changed": 0, "removed": 2}
    first.refresh_from_db()
    assert route_of(first, first.region_id).platform == north


def test_a_list_that_changed_since_its_preview_is_not_written(cell, north):
    place = make_beneficiary()
    drafted = large_files.check(asked((place.finess, "nord")), Mode.REPLACE)
    make_beneficiary(platform=north)
    with pytest.raises(ListChangedError):
        replace_large(drafted.platforms, by=cell, seen=drafted.seen, is_whole=True)
    assert not Beneficiary.objects.filter(pk=place.pk, platform=north).exists()


def test_a_large_one_keeps_its_platform_whatever_is_rerouted(cell, north):
    la_poste(), spf()
    large = make_beneficiary(platform=north)
    start_reroute(by=cell, region=None, reason="Grève")
    assert route_of(large, large.region_id).platform == north
    assert route_of(make_beneficiary(), large.region_id).platform is None


def test_the_national_cell_alone_changes_who_serves(cell, north):
    other = make_person("SPF", domain="distrilog")
    place = make_beneficiary()
    with pytest.raises(OrderingError, match="cellule nationale"):
        replace_large({place.pk: north.pk}, by=other, seen="", is_whole=True)
    with pytest.raises(OrderingError, match="cellule nationale"):
        save_platform(north, by=other)
    row = start_reroute(by=cell, region=None, reason="Grève")
    with pytest.raises(OrderingError, match="cellule nationale"):
        end_reroute(row, by=other)


def test_a_list_cut_short_says_how_many_it_would_take_away(cell, north):
    places = [make_beneficiary(platform=north) for _ in range(3)]
    one_less = large_files.check(asked((places[0].finess, "nord")), Mode.REPLACE)
    assert (one_less.removed, one_less.loses_many) == (2, True)
    assert not large_files.check(asked((places[0].finess, "nord")), Mode.ADD).loses_many
    whole = large_files.check(asked(*((one.finess, "nord") for one in places)), Mode.REPLACE)
    assert not whole.loses_many


def test_a_platform_that_serves_somebody_is_not_closed(cell, north):
    make_beneficiary(platform=north)
    north.is_open = False
    with pytest.raises(OrderingError, match="servis"):
        save_platform(north, by=cell)


def test_an_exported_list_imported_back_changes_nothing(north):
    place = make_beneficiary(platform=north)
    rows = [row[:2] for row in large_files._rows()]
    assert rows == [(place.finess, "nord")]
    assert large_files.check(asked(*rows), Mode.REPLACE).same == 1
