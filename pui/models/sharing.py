"""The share-out of a scarce medicine (*répartition*) [001].

The national cell opens it with a quantity, each agency adjusts within the total of its region, the
national cell publishes it, each pharmacy says what it received.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.history import tracked
from establishments.models import Region
from establishments.perimeter import Perimeter, PerimeterQuerySet
from pui.models.register import Pui
from pui.models.subject import AboutMedicine, about_something
from pui.models.transmission import PuiRowsQuerySet

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


class ShareOutQuerySet(PerimeterQuerySet):
    """Seen by the country, and by each region that takes part."""

    def within(self, perimeter: Perimeter) -> Self:
        if perimeter.is_national:
            return self.all()
        mine = RegionalShare.objects.within(perimeter)
        return self.filter(pk__in=mine.order_by().values("share_out"))

    def for_list(self) -> Self:
        """With how many agencies take part, and how many said that they are done."""
        has_some = Q(regions__total__gt=0)
        counted = self.annotate(
            taking_part=models.Count("regions", filter=has_some),
            done=models.Count("regions", filter=has_some & Q(regions__done_at__isnull=False)),
        )
        rows = counted.select_related("product", "reference", "opened_by")
        return rows.order_by("-opened_at", "-pk")


@tracked()
class ShareOut(AboutMedicine):
    """A national quantity, and what was proposed from the stocks declared when it was opened.

    ``level_days`` is the cover that the proposal leaves nobody under; ``computed_on`` the due day
    whose declaration made a pharmacy fresh.
    """

    class State(models.TextChoices):
        ADJUSTING = "adjusting", "en ajustement"
        PUBLISHED = "published", "publiée"
        CANCELLED = "cancelled", "annulée"

    quantity = models.PositiveIntegerField("quantité à répartir")
    units_per_pack = models.PositiveIntegerField("unités par conditionnement", default=1)
    closes_on = models.DateField("ajustement des ARS jusqu’au")
    note = models.TextField("message aux ARS", blank=True)
    computed_on = models.DateField("calculée sur l’échéance du")
    level_days = models.DecimalField(
        "niveau atteint (jours)", max_digits=12, decimal_places=1, null=True
    )
    state = models.CharField("état", max_length=10, choices=State, default=State.ADJUSTING)
    opened_at = models.DateTimeField("ouverte le", auto_now_add=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON, verbose_name="ouverte par")
    published_at = models.DateTimeField("publiée le", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, **PERSON, null=True, verbose_name="publiée par"
    )
    cancelled_at = models.DateTimeField("annulée le", null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, **PERSON, null=True, verbose_name="annulée par"
    )
    cancel_reason = models.TextField("motif de l’annulation", blank=True)

    objects = ShareOutQuerySet.as_manager()

    class Meta:
        verbose_name = "répartition"
        verbose_name_plural = "répartitions"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            about_something("share_out_about_something"),
            models.UniqueConstraint(
                fields=["product", "reference"],
                condition=Q(state="adjusting"),
                nulls_distinct=False,
                name="share_out_one_adjusted_at_a_time",
                violation_error_message="Une répartition de ce produit est déjà en ajustement.",
            ),
            models.CheckConstraint(
                name="share_out_of_whole_packs",
                condition=Q(units_per_pack__gte=1, quantity__gte=F("units_per_pack")),
                violation_error_message="La quantité compte un conditionnement au moins.",
            ),
            models.CheckConstraint(
                name="share_out_published_when_it_says",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="share_out_cancelled_with_a_reason",
                condition=~Q(state="cancelled")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.label}, répartition n°\u00a0{self.pk}"

    @property
    def is_adjusting(self) -> bool:
        return self.state == self.State.ADJUSTING

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED


class RegionalShareQuerySet(PerimeterQuerySet):
    """Rows are regions: whoever reaches less than one sees none."""

    def within(self, perimeter: Perimeter) -> Self:
        if perimeter.is_national:
            return self.all()
        return self.filter(region__in=perimeter.region_codes)


@tracked()
class RegionalShare(models.Model):
    """The total of a region, which its agency shares out again and never exceeds."""

    share_out = models.ForeignKey(
        ShareOut, on_delete=models.CASCADE, related_name="regions", verbose_name="répartition"
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name="région"
    )
    total = models.PositiveIntegerField("total de la région")
    note = models.TextField("ce que l’ARS dit de ses changements", blank=True)
    done_at = models.DateTimeField("terminée le", null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, **PERSON, null=True, verbose_name="terminée par"
    )

    objects = RegionalShareQuerySet.as_manager()

    class Meta:
        verbose_name = "part d’une région"
        verbose_name_plural = "parts des régions"
        ordering = ["share_out", "region__name"]
        constraints = [
            models.UniqueConstraint(fields=["share_out", "region"], name="regional_share_once")
        ]

    def __str__(self):
        return f"{self.share_out} – {self.region}"


@tracked()
class PharmacyShare(models.Model):
    """What a pharmacy is to receive, the figures that it comes from, and what it received.

    ``block`` says why the proposal gives it nothing: only those that declare can be served. The
    agency may serve one that consumes nothing yet, never one that does not declare.
    """

    class Block(models.TextChoices):
        NEVER = "never", "n’a jamais déclaré ses stocks"
        STALE = "stale", "stocks périmés"
        NOT_DECLARED = "not_declared", "n’a pas déclaré ce produit à la dernière échéance"
        BLANK = "blank", "stock ou consommation laissés vides"
        NO_USE = "no_use", "ne consomme pas ce produit"

    SERVABLE = ("", Block.NO_USE)

    share_out = models.ForeignKey(
        ShareOut, on_delete=models.CASCADE, related_name="pharmacies", verbose_name="répartition"
    )
    regional = models.ForeignKey(
        RegionalShare,
        on_delete=models.CASCADE,
        null=True,
        related_name="pharmacies",
        verbose_name="part de la région",
    )
    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="shares", verbose_name="PUI"
    )
    stock = models.DecimalField("stock déclaré", max_digits=14, decimal_places=2, null=True)
    daily = models.DecimalField("consommation", max_digits=14, decimal_places=2, null=True)
    declared_on = models.DateField("dernière échéance déclarée", null=True)
    block = models.CharField("non servie parce que", max_length=12, choices=Block, blank=True)
    proposed = models.PositiveIntegerField("proposé", default=0)
    quantity = models.PositiveIntegerField("quantité", default=0)
    changed_at = models.DateTimeField("modifiée le", null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, **PERSON, null=True, verbose_name="modifiée par"
    )
    received_quantity = models.PositiveIntegerField("quantité reçue", null=True)
    received_on = models.DateField("reçue le", null=True)
    received_comment = models.TextField("commentaire de réception", blank=True)
    confirmed_at = models.DateTimeField("réception confirmée le", null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, **PERSON, null=True, verbose_name="confirmée par"
    )

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "part d’une PUI"
        verbose_name_plural = "parts des PUI"
        ordering = ["share_out", "pk"]
        indexes = [models.Index(fields=["pui", "-share_out"], name="pharmacy_share_of_pui")]
        constraints = [
            models.UniqueConstraint(fields=["share_out", "pui"], name="pharmacy_share_once"),
            models.CheckConstraint(
                name="pharmacy_share_only_if_it_declares",
                condition=Q(block__in=["", "no_use"]) | Q(quantity=0, proposed=0),
                violation_error_message="Seules les PUI qui déclarent peuvent être servies.",
            ),
            models.CheckConstraint(
                name="pharmacy_share_gap_explained",
                condition=Q(received_quantity__isnull=True)
                | Q(received_quantity=F("quantity"))
                | ~Q(received_comment=""),
                violation_error_message="Dites pourquoi la quantité reçue diffère.",
            ),
            models.CheckConstraint(
                name="pharmacy_share_received_whole",
                condition=Q(
                    received_quantity__isnull=True,
                    received_on__isnull=True,
                    confirmed_at__isnull=True,
                )
                | Q(
                    received_quantity__isnull=False,
                    received_on__isnull=False,
                    confirmed_at__isnull=False,
                ),
            ),
        ]

    def __str__(self):
        return f"{self.pui} – {self.share_out}"

    @property
    def may_be_served(self) -> bool:
        return self.block in self.SERVABLE

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None
