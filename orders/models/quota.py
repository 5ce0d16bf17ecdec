"""What each may order in a week: the quota of a beneficiary, the pool of an ARS, the extras."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.history import tracked
from epi_stocks.models import EpiItem
from establishments.models import Region
from establishments.perimeter import PerimeterQuerySet
from orders.models.allocation import Allocation
from orders.models.beneficiary import Beneficiary, BeneficiaryQuerySet


class QuotaQuerySet(BeneficiaryQuerySet):
    beneficiary_path = "beneficiary"

    def take(self, *, quota_id: int, quantity: int) -> bool:
        """Take ``quantity`` units off one quota, all or nothing. False: not enough is left.

        A negative quantity gives back.
        """
        rows = self.filter(
            pk=quota_id, used__lte=F("granted") - quantity, used__gte=-min(quantity, 0)
        )
        return bool(rows.update(used=F("used") + quantity))


class Quota(models.Model):
    """Units of an item that a beneficiary may order in a week; ``granted`` counts the extras.

    ``used`` is stored because many write it at once; the ledger of movements tells each of them.
    """

    week = models.DateField("semaine du")
    beneficiary = models.ForeignKey(
        Beneficiary, on_delete=models.PROTECT, related_name="quotas", verbose_name="bénéficiaire"
    )
    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, related_name="+", verbose_name="équipement"
    )
    allocation = models.ForeignKey(
        Allocation, on_delete=models.PROTECT, related_name="quotas", verbose_name="contingentement"
    )
    granted = models.PositiveIntegerField("autorisé (unités)")
    used = models.PositiveIntegerField("commandé (unités)", default=0, db_default=0)

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = "contingent"
        ordering = ["-week", "beneficiary", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "beneficiary", "item"], name="quota_one_per_week"
            ),
            models.CheckConstraint(
                name="quota_never_exceeded",
                condition=Q(used__gte=0) & Q(used__lte=F("granted")),
                violation_error_message="Le contingent de la semaine est épuisé.",
            ),
            models.CheckConstraint(
                name="quota_week_is_a_monday", condition=Q(week__iso_week_day=1)
            ),
        ]

    def __str__(self):
        return f"{self.item}\u00a0: {self.used}/{self.granted}"

    @property
    def remaining(self) -> int:
        return self.granted - self.used


class QuotaExtraQuerySet(BeneficiaryQuerySet):
    beneficiary_path = "quota__beneficiary"


@tracked()
class QuotaExtra(models.Model):
    """An exceptional extra on one quota, taken off the reserve of its share-out.

    ``returned``: what was not used and went back to the reserve when it was withdrawn.
    """

    quota = models.ForeignKey(
        Quota, on_delete=models.PROTECT, related_name="extras", verbose_name="contingent"
    )
    quantity = models.PositiveIntegerField("quantité (unités)")
    reason = models.TextField("motif", max_length=500)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="accordé par",
    )
    given_at = models.DateTimeField("accordé le", auto_now_add=True)
    returned = models.PositiveIntegerField("repris (unités)", default=0)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="repris par",
    )
    withdrawn_at = models.DateTimeField("repris le", null=True)

    objects = QuotaExtraQuerySet.as_manager()

    class Meta:
        verbose_name = "contingent exceptionnel"
        verbose_name_plural = "contingents exceptionnels"
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="quota_extra_counts", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="quota_extra_returns_no_more", condition=Q(returned__lte=F("quantity"))
            ),
        ]

    def __str__(self):
        return f"+ {self.quantity}"

    @property
    def standing(self) -> int:
        """Units that still count in the quota."""
        return self.quantity - self.returned


class RegionalPoolQuerySet(PerimeterQuerySet):
    """Of the regions inside; of one's own ARS too, which may only order on it."""

    perimeter_path = ""

    def within(self, perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(
            Q(region__in=perimeter.region_codes)
            | Q(region__administrativebody__in=perimeter.operator_ids)
        ).distinct()

    def take(self, *, pool_id: int, quantity: int) -> bool:
        """Take ``quantity`` units off a pool, all or nothing; negative: give back."""
        rows = self.filter(
            pk=pool_id, used__lte=F("granted") - quantity, used__gte=-min(quantity, 0)
        )
        return bool(rows.update(used=F("used") + quantity))


class RegionalPool(models.Model):
    """What an ARS may order of an item in a week for its region (*pot commun*) [004], in units."""

    week = models.DateField("semaine du")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name="région"
    )
    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, related_name="+", verbose_name="équipement"
    )
    allocation = models.ForeignKey(
        Allocation,
        on_delete=models.PROTECT,
        related_name="regional_pools",
        verbose_name="contingentement",
    )
    granted = models.PositiveIntegerField("autorisé (unités)")
    used = models.PositiveIntegerField("commandé (unités)", default=0, db_default=0)

    objects = RegionalPoolQuerySet.as_manager()

    class Meta:
        verbose_name = "pot commun régional"
        verbose_name_plural = "pots communs régionaux"
        ordering = ["-week", "region", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "region", "item"], name="regional_pool_one_per_week"
            ),
            models.CheckConstraint(
                name="regional_pool_never_exceeded",
                condition=Q(used__gte=0) & Q(used__lte=F("granted")),
                violation_error_message="Le pot commun de la région est épuisé.",
            ),
        ]

    def __str__(self):
        return f"{self.region} – {self.item}\u00a0: {self.used}/{self.granted}"

    @property
    def remaining(self) -> int:
        return self.granted - self.used
