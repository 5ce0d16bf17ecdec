"""How a limited pool is shared out (*contingentement*), and what each may then order each week."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.history import tracked
from epi_stocks.models import EpiItem
from establishments.models import Region
from establishments.perimeter import PerimeterQuerySet
from orders.models.beneficiary import Beneficiary, BeneficiaryQuerySet
from orders.models.doctrine import Doctrine


@tracked()
class Allocation(models.Model):
    """A share-out of one item among all beneficiaries, tried, compared, then published by another.

    ``pool`` and ``reserve`` are units, each week; ``pack`` is the units of a whole pack, the least
    that is shared. ``level`` (millionths) is the part of its need that everybody gets when the
    pool does not cover them all: what the explanation shows.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "brouillon"
        PROPOSED = "proposed", "proposée à la publication"
        PUBLISHED = "published", "publiée"
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
    pack = models.PositiveIntegerField("unités par colis")
    floor_packs = models.PositiveIntegerField("plancher (colis)", default=1)
    item_factor = models.DecimalField(
        "coefficient de l’équipement", max_digits=5, decimal_places=2, default=1
    )
    level = models.PositiveIntegerField("part du besoin servie (millionièmes)", null=True)
    reserve = models.PositiveIntegerField("réserve restante (unités)", null=True)
    note = models.TextField("commentaire", max_length=1000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="préparée par",
    )
    created_at = models.DateTimeField("préparée le", auto_now_add=True)
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
                condition=Q(pools_percent__gte=0, pools_percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.item} – à partir du {self.starts_on:%d/%m/%Y}"


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
        return f"{self.beneficiary} : {self.granted_packs} colis"


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
        return f"{self.item} : {self.used}/{self.granted}"

    @property
    def remaining(self) -> int:
        return self.granted - self.used


class QuotaExtraQuerySet(BeneficiaryQuerySet):
    beneficiary_path = "quota__beneficiary"


@tracked()
class QuotaExtra(models.Model):
    """An exceptional extra on one quota, taken off the reserve of its share-out."""

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

    objects = QuotaExtraQuerySet.as_manager()

    class Meta:
        verbose_name = "contingent exceptionnel"
        verbose_name_plural = "contingents exceptionnels"
        ordering = ["-given_at", "-pk"]

    def __str__(self):
        return f"+ {self.quantity}"


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
        return f"{self.region} – {self.item} : {self.used}/{self.granted}"

    @property
    def remaining(self) -> int:
        return self.granted - self.used
