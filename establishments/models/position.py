"""Where an establishment stands on Earth: told apart, since few sources of FINESS tell it."""

from collections.abc import Iterable, Mapping

from django.db import models
from django.db.models import Q

from establishments.models.directory import Establishment
from establishments.perimeter import PerimeterQuerySet
from establishments.redistribution.distance import Point, Spot


class Position(models.Model):
    """Latitude and longitude, in degrees, as the geolocated FINESS extraction gives them."""

    establishment = models.OneToOneField(
        Establishment,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="position",
        verbose_name="établissement",
    )
    latitude = models.DecimalField("latitude", max_digits=8, decimal_places=5)
    longitude = models.DecimalField("longitude", max_digits=8, decimal_places=5)

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        verbose_name = "position"
        verbose_name_plural = "positions"
        constraints = [
            models.CheckConstraint(
                name="position_on_earth",
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.latitude}, {self.longitude}"


def spots_of(establishments: Iterable[Establishment]) -> dict[int, Spot]:
    """Where each stands, by number; one statement."""
    return spots_in({one.pk: one.department_id for one in establishments})


def spots_in(departments: Mapping[int, str | None]) -> dict[int, Spot]:
    """The same of establishments told by their number and their department alone."""
    rows = Position.objects.filter(establishment__pk__among=departments)
    points = {row.pk: Point(float(row.latitude), float(row.longitude)) for row in rows}
    return {pk: Spot(department, points.get(pk)) for pk, department in departments.items()}
