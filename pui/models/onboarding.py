"""How the pharmacies of a region come to e-Dispostock: the list, its lines, the calendar [001]."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from common.history import tracked
from establishments.models import Establishment, LegalEntity, Region
from establishments.perimeter import Perimeter, PerimeterQuerySet
from pui.models.register import Pui


class RegionQuerySet(PerimeterQuerySet):
    """Rows of a region, for those who reach it whole."""

    perimeter_path = "region"

    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(**{f"{self.perimeter_path}__in": perimeter.region_codes})


class LineQuerySet(RegionQuerySet):
    perimeter_path = "onboarding__region"


@tracked()
class SwitchOver(models.Model):
    """When a region leaves maPUI: its preparatory meeting, then its day; both are accepted till
    ``ends_on`` [001]."""

    region = models.OneToOneField(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name="région"
    )
    meeting_at = models.DateTimeField("réunion préparatoire", null=True, blank=True)
    switches_on = models.DateField("bascule le")
    ends_on = models.DateField("maPUI acceptée jusqu’au", null=True, blank=True)
    is_pilot = models.BooleanField("région pilote", default=False)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "bascule d’une région"
        verbose_name_plural = "calendrier de bascule"
        ordering = ["switches_on", "region"]

    def __str__(self):
        return f"{self.region} – {self.switches_on:%d/%m/%Y}"


class OnboardingList(models.Model):
    """The list of one region, made by the national cell from three sources."""

    region = models.OneToOneField(Region, on_delete=models.PROTECT, verbose_name="région")
    made_at = models.DateTimeField("établie le", auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "liste des PUI d’une région"
        verbose_name_plural = "listes des PUI"
        ordering = ["region"]

    def __str__(self):
        return f"PUI – {self.region}"


@tracked()
class OnboardingLine(models.Model):
    """One establishment believed to have a pharmacy, and what the ARS says of it.

    ``site`` and ``label`` are the geographic FINESS and the label that the ARS fills; the legal
    entity follows from the site. Its step of the flow chart is computed, never stored.
    """

    class Source(models.TextChoices):
        ARHGOS = "arhgos", "ARHGOS"
        MAPUI = "mapui", "maPUI.fr"
        SURVEY = "enquete", "enquête médicament"
        ARS = "ars", "ajout de l’ARS"

    class Action(models.TextChoices):
        KEEP = "", "à garder"
        CREATE = "creer", "A créer"
        DELETE = "supprimer", "A supprimer"

    onboarding = models.ForeignKey(
        OnboardingList, on_delete=models.CASCADE, related_name="lines", verbose_name="liste"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, on_delete=models.PROTECT, related_name="+", verbose_name="entité juridique"
    )
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="établissement",
    )
    sources = ArrayField(models.CharField(max_length=8, choices=Source), verbose_name="sources")
    action = models.CharField(
        "Action", max_length=10, choices=Action, blank=True, default=Action.KEEP
    )
    site = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="FINESS géographique de la PUI",
    )
    label = models.CharField("libellé de la PUI", max_length=120, blank=True)
    ipe = models.CharField("IPE", max_length=20, blank=True)
    validated_at = models.DateTimeField("validée le", null=True)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="validée par",
    )
    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="PUI"
    )
    letter_sent_on = models.DateField("directeur saisi le", null=True, blank=True)
    pharmacists_told_at = models.DateTimeField("pharmaciens informés le", null=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de la liste des PUI"
        verbose_name_plural = "lignes de la liste des PUI"
        ordering = ["legal_entity__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["onboarding", "legal_entity", "establishment", "site", "label"],
                name="onboarding_line_once",
                nulls_distinct=False,
                violation_error_message="Cette PUI est déjà dans la liste.",
            ),
            models.CheckConstraint(
                name="onboarding_line_validated_with_a_site",
                condition=Q(validated_at__isnull=True)
                | Q(action="supprimer")
                | (Q(site__isnull=False) & ~Q(label="")),
                violation_error_message="Indiquez le FINESS géographique et le libellé de la PUI.",
            ),
        ]

    def __str__(self):
        return self.label or str(self.establishment or self.legal_entity)
