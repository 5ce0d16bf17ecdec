"""Until when an order may be changed, when it is promised, and who waits for a product."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.history import tracked
from common.weeks import PARIS
from common.working_days import is_working_day, working_days_after
from establishments.models import AdministrativeBody
from establishments.perimeter import Perimeter, PerimeterQuerySet
from orders.models.beneficiary import Beneficiary, beneficiary_q
from orders.models.product import Product


@tracked()
class OrderingRule(models.Model):
    """The hours and delays of orders from a day on; the last one that began is in force."""

    starts_on = models.DateField("à partir du", unique=True)
    editable_until = models.TimeField("commandes modifiables jusqu’à", default=time(18))
    preparation_days = models.PositiveSmallIntegerField(
        "préparation à l’entrepôt (jours ouvrés)", default=1
    )

    class Meta:
        verbose_name = "règle de commande"
        verbose_name_plural = "règles de commande"
        ordering = ["-starts_on"]

    def __str__(self):
        return f"À partir du {self.starts_on:%d/%m/%Y}"

    @classmethod
    def on(cls, day: date) -> "OrderingRule":
        """The one in force; where nobody wrote any, the values it starts with."""
        return cls.objects.filter(starts_on__lte=day).first() or cls(starts_on=day)

    def closing(self, now: datetime) -> datetime:
        """When an order sent ``now`` leaves for preparation: that hour of a working day."""
        day = now.astimezone(PARIS).date()
        while True:
            found = datetime.combine(day, self.editable_until, tzinfo=PARIS)
            if is_working_day(day) and found > now:
                return found
            day += timedelta(days=1)

    def expected(self, closing: datetime, delay_days: int) -> date:
        """The day promised, in working days from the preparation on."""
        days = self.preparation_days + delay_days
        return working_days_after(closing, days).astimezone(PARIS).date()


class StockWatchQuerySet(PerimeterQuerySet):
    """Those of one's beneficiary, or of one's agency."""

    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(
            beneficiary_q(perimeter, "beneficiary")
            | Q(agency__in=perimeter.operator_ids)
            | Q(agency__region__in=perimeter.region_codes)
        )


class StockWatch(models.Model):
    """« Prévenez-moi »: a person waits for a product that the warehouse has no more of.

    Told once, when it is back; to be told again, they ask again.
    """

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="watches", verbose_name="produit"
    )
    holder = models.ForeignKey(
        AdministrativeBody, on_delete=models.PROTECT, related_name="+", verbose_name="entrepôt"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name="par"
    )
    beneficiary = models.ForeignKey(
        Beneficiary, on_delete=models.CASCADE, null=True, related_name="+",
        verbose_name="bénéficiaire",
    )  # fmt: skip
    agency = models.ForeignKey(
        AdministrativeBody, on_delete=models.CASCADE, null=True, related_name="+",
        verbose_name="ARS",
    )  # fmt: skip
    asked_at = models.DateTimeField("demandé le", auto_now_add=True)
    told_at = models.DateTimeField("prévenu le", null=True)

    objects = StockWatchQuerySet.as_manager()

    class Meta:
        verbose_name = "attente d’un produit"
        verbose_name_plural = "attentes de produits"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="stock_watch_for_one",
                condition=Q(beneficiary__isnull=True) ^ Q(agency__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["product", "holder", "user", "beneficiary", "agency"],
                condition=Q(told_at__isnull=True),
                nulls_distinct=False,
                name="stock_watch_once",
            ),
        ]

    def __str__(self):
        return f"{self.user} attend {self.product}"
