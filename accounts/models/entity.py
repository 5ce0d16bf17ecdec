"""What is of exactly one entity: an establishment, a legal entity or an administrative body."""

from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import Q

from establishments.models import AdministrativeBody, Establishment, LegalEntity, Region
from establishments.perimeter import Action, Holder, Perimeter

ENTITIES = ("establishment", "legal_entity", "body")


def inside(perimeter: Perimeter, path: str = "") -> Q:
    """Select the rows whose entity, found by following ``path``, is inside a perimeter.

    An entity is inside by itself: one of its sites does not bring it. A body is by its region. The
    region is beside the row; the entities are joined only for what is held of fewer places.
    """
    if perimeter.is_national:
        return Q()
    prefix = f"{path}__" if path else ""
    found = Q(**{f"{prefix}region__in": perimeter.region_codes})
    if fewer := replace(perimeter, region_codes=frozenset()):
        entity = f"{prefix}legal_entity"
        found |= fewer.as_q(f"{prefix}establishment")
        found |= Q(**{f"{entity}__in": fewer.legal_entity_ids})
        found |= Q(**{f"{entity}__department__in": fewer.department_codes})
    return found


def exactly_one_entity(name: str, message: str) -> models.CheckConstraint:
    """One of the three is given, the two others are not."""
    only = [{f"{one}__isnull": one != given for one in ENTITIES} for given in ENTITIES]
    return models.CheckConstraint(
        name=name,
        condition=reduce(or_, (Q(**case) for case in only)),
        violation_error_message=message,
    )


class OfOneEntityQuerySet(models.QuerySet):
    def for_user(self, user: Holder, to: Action) -> Self:
        """Those of the entities where ``user`` may do ``to``; what nobody granted, nobody sees."""
        return self.filter(inside(user.perimeter_to(to)))

    def with_entity(self) -> Self:
        """Bring the entity, whichever of the three it is."""
        return self.select_related(*ENTITIES)


def _perhaps(model: type[models.Model], label: str) -> models.ForeignKey:
    return models.ForeignKey(
        model,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=label,
    )


class OfOneEntity(models.Model):
    """Each model adds ``exactly_one_entity`` to its constraints, with its own sentence.

    ``region`` is that of the entity: the database alone writes it, and keeps it true
    (``accounts/sql/region_of_entity.sql``). It is for statements; a row at hand asks its entity.
    """

    establishment = _perhaps(Establishment, "établissement")
    legal_entity = _perhaps(LegalEntity, "entité juridique")
    body = _perhaps(AdministrativeBody, "structure administrative")
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name="région",
    )

    class Meta:
        abstract = True

    @property
    def entity(self) -> Establishment | LegalEntity | AdministrativeBody:
        return self.establishment or self.legal_entity or self.body

    def is_inside(self, perimeter: Perimeter) -> bool:
        """Whether the entity is in a perimeter, as ``inside`` selects it; also before saving."""
        entity = self.entity
        if perimeter.is_national:
            return True
        if self.body_id:
            return entity.region_id in perimeter.region_codes
        reached = entity.region_id in perimeter.region_codes
        reached |= entity.department_id in perimeter.department_codes
        reached |= self.legal_entity_in_reach_id in perimeter.legal_entity_ids
        return reached or self.establishment_id in perimeter.establishment_ids

    @property
    def legal_entity_in_reach_id(self) -> int | None:
        """The legal entity one is on, also from one of its sites."""
        if self.establishment:
            return self.establishment.legal_entity_id
        return self.legal_entity_id
