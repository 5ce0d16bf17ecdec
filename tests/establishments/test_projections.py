"""Plane coordinates of FINESS become degrees: known places, and known distances."""

import pytest

from establishments.finess.projections import projection_of, to_degrees
from establishments.redistribution.distance import Point, great_circle_km

EIFFEL_TOWER = (48.85837, 2.29448)
OLD_PORT_OF_MARSEILLE = (43.2965, 5.3698)
SAINT_DENIS = (-20.8705, 55.4456)


@pytest.mark.parametrize(
    ("x", "y", "projection", "expected"),
    [
        (700_000, 6_600_000, "LAMBERT_93", (46.5, 3)),
        (648_237, 6_862_271, "LAMBERT_93", EIFFEL_TOWER),
        (892_390, 6_247_035, "LAMBERT_93", OLD_PORT_OF_MARSEILLE),
        (338_300, 7_691_400, "UTM_S40", SAINT_DENIS),
    ],
)
def test_known_places_are_found_within_ten_metres(x, y, projection, expected):
    assert to_degrees(x, y, projection) == pytest.approx(expected, abs=0.0001)


@pytest.mark.parametrize("projection", ["UTM_N20", "UTM_N22", "UTM_S38", "UTM_S40"])
def test_ten_kilometres_on_the_plane_are_ten_on_the_ground(projection):
    one, other = (Point(*to_degrees(x, 1_800_000, projection)) for x in (495_000, 505_000))
    assert great_circle_km(one, other) == pytest.approx(10, abs=0.1)


def test_the_line_names_its_projection_else_the_number_does():
    assert projection_of("970100001", "1,IGN,BD_ADRESSE,V2.2,UTM_N20") == "UTM_N20"
    assert projection_of("450000011", "1,BAN") == "LAMBERT_93"
    assert projection_of("9D0000011", "1,BAN") == "UTM_S40"
    assert to_degrees(1, 2, "NTF") is None
