"""From the plane coordinates of the geolocated extraction to degrees: Lambert 93, UTM overseas.

Formulas of IGN (NTG 71, conformal conic) and of Krüger (transverse Mercator, third order), on the
GRS 80 ellipsoid: within a metre, where FINESS itself places an address within ten.
"""

import re
from math import atan, atanh, cos, cosh, degrees, exp, log, pi, radians, sin, sinh, sqrt
from typing import Final, NamedTuple

FLATTENING: Final = 1 / 298.257222101
AXIS: Final = 6_378_137.0
ECCENTRICITY: Final = sqrt(FLATTENING * (2 - FLATTENING))

# Lambert 93, as its decree defines it
EXPONENT: Final = 0.725607765053267
CONSTANT: Final = 11_754_255.426096
POLE_X: Final = 700_000.0
POLE_Y: Final = 12_655_612.049876
PARIS_MERIDIAN: Final = radians(3)

UTM: Final = re.compile(r"UTM_?([NS])_?(\d{1,2})$")
SCALE: Final = 0.9996
THIRD: Final = FLATTENING / (2 - FLATTENING)
RADIUS: Final = AXIS / (1 + THIRD) * (1 + THIRD**2 / 4 + THIRD**4 / 64)
BETA: Final = (
    THIRD / 2 - 2 * THIRD**2 / 3 + 37 * THIRD**3 / 96,
    THIRD**2 / 48 + THIRD**3 / 15,
    17 * THIRD**3 / 480,
)


LAMBERT: Final = "LAMBERT_93"
OVERSEAS: Final = {  # by the beginning of the FINESS number
    "9A": "UTM_N20",
    "9B": "UTM_N20",
    "9C": "UTM_N22",
    "9D": "UTM_S40",
    "9F": "UTM_S38",
}


class Degrees(NamedTuple):
    latitude: float
    longitude: float


def projection_of(finess: str, source: str) -> str:
    """The one that the line names at the end of its source, else that of the department."""
    named = source.rpartition(",")[2].strip().upper()
    if named == LAMBERT or UTM.match(named):
        return named
    return OVERSEAS.get(finess[:2], LAMBERT)


def to_degrees(x: float, y: float, projection: str) -> Degrees | None:
    """None for a projection that is not one of those of FINESS."""
    if projection == LAMBERT:
        return from_lambert(x, y)
    if found := UTM.match(projection):
        return from_utm(x, y, int(found[2]), is_south=found[1] == "S")
    return None


def from_lambert(x: float, y: float) -> Degrees:
    across, down = x - POLE_X, POLE_Y - y
    radius = sqrt(across**2 + down**2)
    longitude = PARIS_MERIDIAN + atan(across / down) / EXPONENT
    isometric = log(CONSTANT / radius) / EXPONENT
    return Degrees(degrees(_latitude(isometric)), degrees(longitude))


def _latitude(isometric: float) -> float:
    """Of an isometric latitude: the fixed point is reached in a few rounds."""
    latitude = 2 * atan(exp(isometric)) - pi / 2
    for _ in range(8):
        shift = ECCENTRICITY * atanh(ECCENTRICITY * sin(latitude))
        latitude = 2 * atan(exp(isometric + shift)) - pi / 2
    return latitude


def from_utm(x: float, y: float, zone: int, *, is_south: bool) -> Degrees:
    north = (y - (10_000_000 if is_south else 0)) / (SCALE * RADIUS)
    east = (x - 500_000) / (SCALE * RADIUS)
    turned, spread = north, east
    for rank, beta in enumerate(BETA, start=1):
        turned -= beta * sin(2 * rank * north) * cosh(2 * rank * east)
        spread -= beta * cos(2 * rank * north) * sinh(2 * rank * east)
    conformal = sin(turned) / cosh(spread)
    latitude = _latitude(atanh(conformal))
    longitude = radians(6 * zone - 183) + atan(sinh(spread) / cos(turned))
    return Degrees(degrees(latitude), degrees(longitude))
