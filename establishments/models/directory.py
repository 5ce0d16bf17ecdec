"""Legal entities (EJ) and the establishments (ET) where things happen."""

from typing import Any, Self

import pghistory
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Func, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse

from common.identifiers import format_finess
from establishments.models.nomenclature import EstablishmentCategory, LegalStatus
from establishments.models.search import search_condition
from establishments.models.territory import Department, Region, region_in_key
from establishments.perimeter import Perimeter, PerimeterQuerySet

HISTORY = {
    "level": pghistory.Statement,  # an import writes 100,000 rows in one statement
    "exclude": ["haystack", "sort_name"],
}


BY_NAME = ("sort_name", "finess")
WALKED = 2_000


class Plain(Func):
    """Lower case without accents, through the database's own IMMUTABLE ``plain()``."""

    function = "plain"
    output_field = models.TextField()


class Words(Func):
    """Plain words, each after one space, through the database's own IMMUTABLE ``words()``."""

    function = "words"
    output_field = models.TextField()


class DirectoryQuerySet(PerimeterQuerySet):
    """What both kinds of FINESS rows answer."""

    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def search(self, text: str) -> Self:
        """Find by number, even partial, or by the beginnings of words of the name and town."""
        return self.filter(search_condition(text))

    def first_found(self, text: str, most: int) -> list[Any]:
        """The first by name of those that a search finds, whatever their number.

        A word that most names hold is met at once, walking by name; then the names found by the
        index of words are sorted aside, as an expression: a frequent word that many names begin
        with would have the walk read the country before them.
        """
        found, names = self.search(text), self.model._base_manager.values("sort_name")
        end = names.order_by(*BY_NAME)[WALKED : WALKED + 1]
        near = list(found.filter(sort_name__lt=Subquery(end)).order_by(*BY_NAME)[:most])
        if len(near) == most:
            return near
        aside = found.order_by(Coalesce("sort_name", Value("")), "finess").values("pk")[:most]
        return list(self.filter(pk__in=aside).order_by(*BY_NAME))


class LegalEntityQuerySet(DirectoryQuerySet):
    def within(self, perimeter):
        """Select the entities inside, or with at least one establishment inside, a perimeter."""
        if perimeter.is_national:
            return self.all()
        sites = Establishment.objects.within(perimeter).values("legal_entity")
        return self.filter(Q(pk__in=perimeter.legal_entity_ids) | Q(pk__in=sites))

    def by_themselves_within(self, perimeter: Perimeter) -> Self:
        """Those inside on their own account: one of their sites does not bring them."""
        if perimeter.is_national:
            return self.all()
        return self.filter(
            Q(pk__in=perimeter.legal_entity_ids)
            | Q(region__in=perimeter.region_codes)
            | Q(department__in=perimeter.department_codes)
        )


class EstablishmentQuerySet(DirectoryQuerySet):
    perimeter_path = ""

    def for_list(self) -> Self:
        """Prefetch rather than join: a far page would join all the rows before it."""
        return self.prefetch_related("legal_entity", "category", "department").order_by(
            "sort_name", "finess"
        )


class FinessRow(models.Model):
    """What a legal entity and an establishment have in common in FINESS."""

    finess = models.CharField("numéro FINESS", max_length=9, unique=True)
    name = models.CharField("raison sociale", max_length=200)
    long_name = models.CharField("raison sociale longue", max_length=250, blank=True)
    address = models.CharField("adresse", max_length=250, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    town = models.CharField("commune", max_length=100, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, verbose_name="département"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, verbose_name="région")
    phone = models.CharField("téléphone", max_length=20, blank=True)
    opened_on = models.DateField("ouvert le", null=True, blank=True)
    closed_on = models.DateField("fermé le", null=True, blank=True)
    is_fictitious = models.BooleanField("fictif", default=False)
    sort_name = models.GeneratedField(
        expression=Plain("name"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def is_open(self):
        return self.closed_on is None

    @property
    def finess_text(self):
        return format_finess(self.finess)


HAYSTACK = models.GeneratedField(
    expression=Words(
        Concat("finess", Value(" "), "name", Value(" "), "long_name", Value(" "), "town")
    ),
    output_field=models.TextField(),
    db_persist=True,
)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **HISTORY
)
class LegalEntity(FinessRow):
    """A legal entity (*entité juridique*, EJ): one or several establishments belong to it."""

    siren = models.CharField("SIREN", max_length=9, blank=True)
    legal_status = models.ForeignKey(
        LegalStatus, on_delete=models.PROTECT, null=True, verbose_name="statut juridique"
    )
    haystack = HAYSTACK.clone()

    objects = LegalEntityQuerySet.as_manager()

    class Meta:
        verbose_name = "entité juridique"
        verbose_name_plural = "entités juridiques"
        ordering = ["sort_name", "finess"]
        indexes = [
            GinIndex(OpClass("haystack", name="gin_trgm_ops"), name="legal_entity_words"),
            models.Index(fields=["sort_name", "finess"], name="legal_entity_by_name"),
        ]
        constraints = [region_in_key("legal_entity_region")]

    def get_absolute_url(self) -> str:
        return reverse("establishments:entity", args=[self.finess])


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **HISTORY
)
class Establishment(FinessRow):
    """A geographic establishment (*établissement*, ET): where people work and stocks stand."""

    legal_entity = models.ForeignKey(
        LegalEntity,
        on_delete=models.PROTECT,
        related_name="establishments",
        verbose_name="entité juridique",
    )
    category = models.ForeignKey(
        EstablishmentCategory, on_delete=models.PROTECT, verbose_name="catégorie"
    )
    siret = models.CharField("SIRET", max_length=14, blank=True)
    sph_code = models.CharField("participation au service public", max_length=1, blank=True)
    commune_code = models.CharField("code INSEE de la commune", max_length=5, blank=True)
    ape_code = models.CharField("code APE", max_length=6, blank=True)
    finess_updated_on = models.DateField("mis à jour dans FINESS le", null=True, blank=True)
    is_main = models.BooleanField("établissement principal", default=False)
    haystack = HAYSTACK.clone()

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = "établissement"
        ordering = ["sort_name", "finess"]
        indexes = [
            GinIndex(OpClass("haystack", name="gin_trgm_ops"), name="establishment_words"),
            models.Index(  # the list counts and skips without reading the rows
                fields=["sort_name", "finess"],
                include=["id", "closed_on"],
                name="establishment_by_name",
            ),
        ]
        constraints = [
            region_in_key("establishment_region"),
            models.UniqueConstraint(
                fields=["legal_entity"],
                condition=Q(is_main=True),
                name="establishment_one_main_per_entity",
                violation_error_message="Cette entité a déjà un établissement principal.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("establishments:detail", args=[self.finess])
