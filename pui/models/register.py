"""The register of hospital pharmacies (*pharmacies à usage intérieur*, PUI)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from common.history import tracked
from establishments.models import Establishment
from establishments.models.directory import Plain
from establishments.models.nomenclature import DatedQuerySet
from establishments.perimeter import PerimeterQuerySet
from pui.models.routed import RoutedQuerySet


class PuiQuerySet(RoutedQuerySet):
    pui_path = "pk"

    def open_on(self, day: date) -> Self:
        """As ``Pui.was_open_on`` says; ``pui.region.computing`` says the same in SQL."""
        return self.filter(
            Q(closed_on__isnull=True) | Q(closed_on__gte=day),
            Q(opened_on__isnull=True) | Q(opened_on__lte=day),
            Q(reopened_on__isnull=True) | Q(reopened_on__lte=day) | Q(last_closed_on__gte=day),
        )


@tracked(exclude=["sort_label"])
class Pui(models.Model):
    """One pharmacy: where it physically stands, and all a supplier needs to deliver there [000].

    ``establishment`` is the geographic site (ET) of its building: for the pharmacy of a GCS, the
    site of the GCS [001]. Closing keeps everything it declared. Open again, it owes nothing for
    the days between ``last_closed_on`` and ``reopened_on``, the last time it was closed: the
    history keeps the dates of the times before, which the dues no longer read.
    """

    establishment = models.ForeignKey(
        Establishment, on_delete=models.PROTECT, related_name="puis", verbose_name="site"
    )
    label = models.CharField("libellé", max_length=120)
    ipe = models.CharField("IPE", max_length=20, blank=True)
    recipient = models.CharField("destinataire", max_length=120, blank=True)
    address = models.CharField("adresse de livraison", max_length=250, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    town = models.CharField("commune", max_length=100, blank=True)
    address_reason = models.CharField(
        "pourquoi l’adresse n’est pas celle du site", max_length=250, blank=True
    )
    access = models.TextField("accès et quai de livraison", blank=True)
    delivery_terms = models.TextField("modalités de livraison", blank=True)
    opening_hours = models.TextField("horaires de réception", blank=True)
    contact_name = models.CharField("contact", max_length=120, blank=True)
    contact_phone = models.CharField("téléphone", max_length=20, blank=True)
    contact_email = models.EmailField("courriel", blank=True)
    on_call_phone = models.CharField("téléphone d’astreinte", max_length=20, blank=True)
    opened_on = models.DateField("ouverte le", null=True, blank=True)
    closed_on = models.DateField("fermée le", null=True, blank=True)
    closing_reason = models.CharField("motif de fermeture", max_length=250, blank=True)
    last_closed_on = models.DateField("dernier jour avant sa réouverture", null=True, blank=True)
    reopened_on = models.DateField("rouverte le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    sort_label = models.GeneratedField(
        expression=Plain("label"), output_field=models.TextField(), db_persist=True
    )

    objects = PuiQuerySet.as_manager()

    class Meta:
        verbose_name = "PUI"
        verbose_name_plural = "PUI"
        ordering = ["sort_label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "sort_label"],
                condition=Q(closed_on__isnull=True),
                name="pui_one_open_label_per_site",
                violation_error_message="Une PUI ouverte de ce site porte déjà ce libellé.",
            ),
            models.CheckConstraint(
                name="pui_closes_after_it_opens",
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                violation_error_message="La fermeture ne peut pas précéder l’ouverture.",
            ),
            models.CheckConstraint(
                name="pui_reopens_after_it_closed",
                condition=Q(reopened_on__isnull=True, last_closed_on__isnull=True)
                | Q(reopened_on__isnull=False, reopened_on__gt=F("last_closed_on")),
                violation_error_message="La réouverture suit la fermeture.",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def was_open_on(self, day: date) -> bool:
        """Whether it had to declare a due day of that date."""
        opened = self.opened_on is None or self.opened_on <= day
        lasting = self.closed_on is None or self.closed_on >= day
        return opened and lasting and not self._was_away_on(day)

    def _was_away_on(self, day: date) -> bool:
        if self.last_closed_on is None or self.reopened_on is None:
            return False
        return self.last_closed_on < day < self.reopened_on


class ServedQuerySet(PerimeterQuerySet, DatedQuerySet):
    """Seen from the establishment that is served."""


@tracked()
class ServedEstablishment(models.Model):
    """An establishment whose medicines come from another's pharmacy: it declares nothing [001]."""

    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="served", verbose_name="desservi par"
    )
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="serving_puis",
        verbose_name="établissement desservi",
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = ServedQuerySet.as_manager()

    class Meta:
        verbose_name = "établissement desservi"
        verbose_name_plural = "établissements desservis"
        ordering = ["establishment", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["pui", "establishment"],
                condition=Q(ends_on__isnull=True),
                name="served_establishment_once_per_pui",
                violation_error_message="Cette PUI dessert déjà cet établissement.",
            ),
        ]

    def __str__(self):
        return f"{self.establishment} – {self.pui}"
