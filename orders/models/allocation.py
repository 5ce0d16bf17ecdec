"""How a limited pool is shared out among the beneficiaries (*contingentement*)."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from common.history import tracked
from epi_stocks.models import EpiItem
from establishments.models import Region
from orders.models.beneficiary import Beneficiary, BeneficiaryQuerySet
from orders.models.doctrine import Doctrine


class AllocationQuerySet(models.QuerySet):
    def decided(self) -> Self:
        """What people prepared, without the weeks computed again from it."""
        return self.filter(renews__isnull=True)

    def in_force(self, week: date) -> Self:
        """The decision that counts in a week, of each item: the last begun, unless it ended."""
        begun = self.decided().filter(state=Allocation.State.PUBLISHED, starts_on__lte=week)
        last = begun.order_by("item_id", "-starts_on", "-published_at", "-pk").distinct("item_id")
        return self.filter(pk__in=last.values("pk")).exclude(ends_on__lt=week)

    def week_of(self, week: date) -> Self:
        """The share-out whose quotas are those of a week, of each item."""
        decisions = self.in_force(week)
        return self.filter(
            Q(pk__in=decisions.values("pk"), starts_on=week)
            | Q(renews__in=decisions.values("pk"), starts_on=week)
        )


@tracked()
class Allocation(models.Model):
    """A share-out of one item among all beneficiaries, tried, compared, then published by another.

    ``pool`` and ``reserve`` are units, each week; ``pack`` is the units of a whole pack, the least
    that is shared. ``level`` (millionths) is the part of its need that everybody gets when the
    pool does not cover them all, ``floor_served`` the packs below which nobody falls (0 when the
    pool does not even hold the floors): what the explanation shows. ``pools`` gives the packs of
    each region by its code. ``regions``: where the item is in tension that week, when it is not in
    the whole country; nobody else has a share. ``renews``: computed again, for a later week, from
    that decision.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "brouillon"
        PROPOSED = "proposed", "proposée à la publication"
        PUBLISHED = "published", "publiée"
        WEEKLY = "weekly", "recalculée pour sa semaine"
        REPLACED = "replaced", "remplacée"
        ABANDONED = "abandoned", "abandonnée"

    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, related_name="allocations", verbose_name="équipement"
    )
    doctrine = models.ForeignKey(
        Doctrine, on_delete=models.PROTECT, related_name="allocations", verbose_name="doctrine"
    )
    state = models.CharField("état", max_length=9, choices=State, default=State.DRAFT)
    starts_on = models.DateField("à partir de la semaine du")
    ends_on = models.DateField("jusqu’à la semaine du", null=True, blank=True)
    pool = models.PositiveIntegerField("quantité à répartir par semaine (unités)")
    pools_percent = models.DecimalField(
        "part des pots communs régionaux (%)", max_digits=5, decimal_places=2, default=0
    )
    reserve_percent = models.DecimalField(
        "réserve gardée (%)", max_digits=5, decimal_places=2, default=0
    )
    pack = models.PositiveIntegerField("unités par colis")
    floor_packs = models.PositiveIntegerField("plancher (colis)", default=1)
    item_factor = models.DecimalField(
        "coefficient de l’équipement", max_digits=5, decimal_places=2, default=1
    )
    level = models.PositiveIntegerField("part du besoin servie (millionièmes)", null=True)
    floor_served = models.PositiveIntegerField("plancher servi (colis)", default=0)
    reserve = models.PositiveIntegerField("réserve restante (unités)", null=True)
    pools = models.JSONField("pots communs (colis, par région)", default=dict)
    regions = models.JSONField("régions en tension (aucune\u00a0: tout le pays)", default=list)
    renews = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="weeks",
        verbose_name="renouvelle",
    )
    note = models.TextField("commentaire", max_length=1000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="préparée par",
    )
    created_at = models.DateTimeField("préparée le", auto_now_add=True)
    edited_at = models.DateTimeField("modifiée le", default=timezone.now)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="modifiée par",
    )
    computed_at = models.DateTimeField("calculée le", null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="proposée par",
    )
    proposed_at = models.DateTimeField("proposée le", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="publiée par",
    )
    published_at = models.DateTimeField("publiée le", null=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = "contingentement"
        ordering = ["item", "-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="allocation_starts_on_a_monday", condition=Q(starts_on__iso_week_day=1)
            ),
            models.CheckConstraint(name="allocation_pack_counts", condition=Q(pack__gte=1)),
            models.CheckConstraint(
                name="allocation_percent",
                condition=Q(pools_percent__gte=0, reserve_percent__gte=0, pools_percent__lte=100)
                & Q(reserve_percent__lte=100 - F("pools_percent")),
                violation_error_message=(
                    "Les pots communs et la réserve ne dépassent pas 100\u00a0% ensemble."
                ),
            ),
            models.CheckConstraint(name="allocation_item_factor", condition=Q(item_factor__gt=0)),
            models.CheckConstraint(
                name="allocation_published_by_another",
                condition=Q(published_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(published_by=F("proposed_by")),
                violation_error_message="Une autre personne publie.",
            ),
            models.UniqueConstraint(
                fields=["renews", "starts_on"], name="allocation_renewed_once_a_week"
            ),
        ]

    def __str__(self):
        return f"{self.item} – à partir du {self.starts_on:%d/%m/%Y}"

    @property
    def is_open(self) -> bool:
        """Still to be prepared: it may be changed."""
        return self.state == self.State.DRAFT

    @property
    def name(self) -> str:
        """« Brouillon n° 3 », « En vigueur, semaine du 16/11/2026 »."""
        match self.state:
            case self.State.DRAFT | self.State.ABANDONED:
                return f"Brouillon n°\u00a0{self.pk}"
            case self.State.PROPOSED:
                return f"Proposition n°\u00a0{self.pk}"
            case self.State.WEEKLY:
                return f"En vigueur, semaine du {self.starts_on:%d/%m/%Y}"
            case _:
                return f"Publiée, à partir du {self.starts_on:%d/%m/%Y}"


@tracked()
class RegionFactor(models.Model):
    """What a share-out multiplies the needs of a region by (« ajusté par région » [004])."""

    allocation = models.ForeignKey(
        Allocation,
        on_delete=models.CASCADE,
        related_name="region_factors",
        verbose_name="contingentement",
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name="région"
    )
    factor = models.DecimalField("coefficient", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "coefficient régional"
        verbose_name_plural = "coefficients régionaux"
        ordering = ["allocation", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "region"], name="region_factor_one_per_region"
            ),
            models.CheckConstraint(name="region_factor_positive", condition=Q(factor__gt=0)),
        ]

    def __str__(self):
        return f"{self.region} × {self.factor}"


class AdjustmentQuerySet(BeneficiaryQuerySet):
    beneficiary_path = "beneficiary"


@tracked()
class Adjustment(models.Model):
    """What a share-out multiplies the need of one beneficiary by, and why [004]."""

    allocation = models.ForeignKey(
        Allocation,
        on_delete=models.CASCADE,
        related_name="adjustments",
        verbose_name="contingentement",
    )
    beneficiary = models.ForeignKey(
        Beneficiary, on_delete=models.PROTECT, related_name="+", verbose_name="bénéficiaire"
    )
    factor = models.DecimalField("coefficient", max_digits=5, decimal_places=2)
    reason = models.CharField("motif", max_length=250)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = "ajustement individuel"
        verbose_name_plural = "ajustements individuels"
        ordering = ["allocation", "beneficiary"]
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "beneficiary"],
                name="adjustment_one_per_beneficiary",
                violation_error_message="Ce bénéficiaire a déjà un ajustement.",
            ),
            models.CheckConstraint(
                name="adjustment_positive",
                condition=Q(factor__gt=0),
                violation_error_message="Un coefficient est plus grand que 0.",
            ),
        ]

    def __str__(self):
        return f"{self.beneficiary} × {self.factor}"


class ShareQuerySet(BeneficiaryQuerySet):
    beneficiary_path = "beneficiary"


class Share(models.Model):
    """What a share-out gives one beneficiary a week, with all that its calculation used.

    ``inputs``: the sites, each with its capacity, its ratio and why; the factors. With those, the
    allocation's pack, floor and level, ``granted_packs`` is computed again to the unit.
    """

    allocation = models.ForeignKey(
        Allocation, on_delete=models.CASCADE, related_name="shares", verbose_name="contingentement"
    )
    beneficiary = models.ForeignKey(
        Beneficiary, on_delete=models.PROTECT, related_name="+", verbose_name="bénéficiaire"
    )
    need_packs = models.PositiveIntegerField("besoin (colis)")
    granted_packs = models.PositiveIntegerField("autorisé (colis)")
    inputs = models.JSONField("données du calcul", default=dict)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = "part"
        ordering = ["allocation", "beneficiary"]
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "beneficiary"], name="share_one_per_beneficiary"
            ),
            models.CheckConstraint(
                name="share_never_above_the_need",
                condition=Q(granted_packs__lte=F("need_packs")),
            ),
        ]

    def __str__(self):
        return f"{self.beneficiary}\u00a0: {self.granted_packs} colis"
