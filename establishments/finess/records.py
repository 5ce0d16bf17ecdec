"""What a FINESS file says of a place, once read; the order of the fields is that of COPY.

None means that the layout does not carry the field, or that it could not be read: what the
directory already knows is kept. An empty text means that the file says it is empty.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple


class EntityRecord(NamedTuple):
    """A legal entity (EJ)."""

    line: int
    finess: str
    name: str | None
    long_name: str | None
    address: str | None
    postal_code: str | None
    town: str | None
    department_id: str | None
    phone: str | None
    siren: str | None
    legal_status_id: str | None
    opened_on: date | None
    is_closed: bool
    closed_on: date | None


class SiteRecord(NamedTuple):
    """A geographic establishment (ET), and what its line tells of its entity."""

    line: int
    finess: str
    entity_finess: str
    entity_department_id: str | None
    name: str | None
    long_name: str | None
    address: str | None
    postal_code: str | None
    town: str | None
    department_id: str | None
    phone: str | None
    category_id: str
    siret: str | None
    sph_code: str | None
    commune_code: str | None
    ape_code: str | None
    opened_on: date | None
    finess_updated_on: date | None
    is_closed: bool
    closed_on: date | None


class PositionRecord(NamedTuple):
    """Where a geographic establishment stands, in degrees: a line of the geolocated extraction."""

    finess: str
    latitude: float
    longitude: float


class Remark(NamedTuple):
    """A line that was refused, or taken with a reservation. ``reason`` is for the person."""

    line: int
    finess: str
    region_id: str | None
    is_refusal: bool
    reason: str


Record = EntityRecord | SiteRecord | PositionRecord | Remark
Records = Iterator[Record]
Progress = Callable[[int], None]


class FinessFileError(Exception):
    """The whole file is refused. The message is for the person, in French."""


class RefusedLineError(Exception):
    """One line is refused. The message is the reason, in French, without a full stop."""

    def __init__(self, reason: str, finess: str = "") -> None:
        self.finess = finess
        super().__init__(reason)
