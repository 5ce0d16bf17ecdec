"""What each place needs a week: the doctrine's ratios, and the capacities they multiply."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.history import tracked
from epi_stocks.models import EpiItem
from establishments.models import Establishment, EstablishmentCategory
from establishments.perimeter import PerimeterQuerySet


class Basis(models.TextChoices):
    """What a ratio is counted by."""

    BED = "bed", "lit"
    PLACE = "place", "place"
    PROFESSIONAL = "professional", "professionnel"


@tracked()
class Doctrine(models.Model):
    """Dated ratios by group of categories: the usage that a week of quota must cover.

    The one in force on a day is the last begun; a doctrine in force is replaced, never edited.
    ``version`` counts its changes: a form carries it, to know what somebody else wrote meanwhile.
    """

    label = models.CharField("intitulé", max_length=150)
    starts_on = models.DateField("en vigueur à partir du")
    note = models.TextField("texte de la doctrine", max_length=2000, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="écrite par",
    )
    written_at = models.DateTimeField("écrite le", auto_now_add=True)
    version = models.PositiveIntegerField("version", default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="changée par",
    )
    changed_at = models.DateTimeField("changée le", null=True)

    class Meta:
        verbose_name = "doctrine"
        ordering = ["-starts_on", "-pk"]

    def __str__(self):
        return self.label


@tracked()
class DoctrineGroup(models.Model):
    """Categories served alike: « EHPAD, par place et par semaine »."""

    doctrine = models.ForeignKey(
        Doctrine, on_delete=models.CASCADE, related_name="groups", verbose_name="doctrine"
    )
    label = models.CharField("groupe", max_length=120)
    basis = models.CharField("compté par", max_length=12, choices=Basis)
    rank = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "groupe de catégories"
        verbose_name_plural = "groupes de catégories"
        ordering = ["doctrine", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["doctrine", "label"],
                name="doctrine_group_one_per_label",
                violation_error_message="Ce nom de groupe est déjà pris.",
            )
        ]

    def __str__(self):
        return self.label


@tracked()
class GroupCategory(models.Model):
    """A category belongs to one group of a doctrine, at most."""

    doctrine = models.ForeignKey(
        Doctrine, on_delete=models.CASCADE, related_name="+", verbose_name="doctrine"
    )
    group = models.ForeignKey(
        DoctrineGroup, on_delete=models.CASCADE, related_name="categories", verbose_name="groupe"
    )
    category = models.ForeignKey(
        EstablishmentCategory, on_delete=models.PROTECT, related_name="+", verbose_name="catégorie"
    )

    class Meta:
        verbose_name = "catégorie d’un groupe"
        verbose_name_plural = "catégories d’un groupe"
        ordering = ["group", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["doctrine", "category"],
                name="group_category_once_in_a_doctrine",
                violation_error_message="Cette catégorie est déjà dans un groupe.",
            )
        ]

    def __str__(self):
        return str(self.category)


@tracked()
class Ratio(models.Model):
    """Units of an item a week, for each bed, place or professional of the group."""

    group = models.ForeignKey(
        DoctrineGroup, on_delete=models.CASCADE, related_name="ratios", verbose_name="groupe"
    )
    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, related_name="+", verbose_name="équipement"
    )
    per_week = models.DecimalField("unités par semaine", max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = "ratio"
        ordering = ["group", "item"]
        constraints = [
            models.UniqueConstraint(fields=["group", "item"], name="ratio_one_per_item"),
            models.CheckConstraint(name="ratio_not_negative", condition=Q(per_week__gte=0)),
        ]

    def __str__(self):
        return f"{self.group} – {self.item}\u00a0: {self.per_week}"


@tracked()
class Capacity(models.Model):
    """Beds, places or professionals of an establishment, as known on ``as_of``."""

    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="capacities",
        verbose_name="établissement",
    )
    basis = models.CharField("compté en", max_length=12, choices=Basis)
    quantity = models.PositiveIntegerField("nombre")
    as_of = models.DateField("au")
    source = models.CharField("source", max_length=100)

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        verbose_name = "capacité"
        ordering = ["establishment", "basis"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "basis"], name="capacity_one_per_basis"
            )
        ]

    def __str__(self):
        return f"{self.quantity} {self.get_basis_display()}"


@tracked()
class CapacityRequest(models.Model):
    """A correction asked by the establishment, decided by the ARS (or the national cell)."""

    class State(models.TextChoices):
        OPEN = "open", "en attente"
        ACCEPTED = "accepted", "acceptée"
        REFUSED = "refused", "refusée"
        WITHDRAWN = "withdrawn", "retirée"

    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="capacity_requests",
        verbose_name="établissement",
    )
    basis = models.CharField("compté en", max_length=12, choices=Basis)
    known = models.PositiveIntegerField("nombre connu", null=True)
    asked = models.PositiveIntegerField("nombre demandé")
    reason = models.TextField("motif", max_length=500)
    state = models.CharField("état", max_length=9, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="demandée par",
    )
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="décidée par",
    )
    decided_at = models.DateTimeField("décidée le", null=True)
    answer = models.TextField("réponse", max_length=500, blank=True)

    objects = PerimeterQuerySet.as_manager()

    class Meta:
        verbose_name = "correction de capacité"
        verbose_name_plural = "corrections de capacité"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "basis"],
                condition=Q(state="open"),
                name="capacity_request_one_open",
                violation_error_message="Une correction attend déjà sa réponse.",
            ),
            models.CheckConstraint(
                name="capacity_request_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                violation_error_message="Une correction est décidée par une autre personne.",
            ),
        ]

    def __str__(self):
        return f"{self.establishment}\u00a0: {self.asked} {self.get_basis_display()}"
