"""Regions, departments and the administrations that watch over them."""

from django.db import models
from django.db.models import Q


class Region(models.Model):
    """One of the 18 regions that have an ARS. Key: its INSEE code."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)
    mailbox = models.EmailField("boîte aux lettres de l’ARS", blank=True)
    is_overseas = models.BooleanField("outre-mer", default=False)

    class Meta:
        verbose_name = "région"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Department(models.Model):
    """A department, or a territory without ARS (no region: seen nationally only).

    FINESS writes overseas departments its own way (9A for 971): ``finess_code`` is what its files
    hold, ``finess_prefix`` how its numbers begin (« 9805|9806 » when there are two); the prefix
    wins over the postal code (fact).
    """

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    finess_code = models.CharField("code FINESS", max_length=2, unique=True)
    finess_prefix = models.CharField("préfixe FINESS", max_length=20, blank=True)
    name = models.CharField("nom", max_length=60)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="departments",
        verbose_name="région",
    )

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self):
        return f"{self.name} ({self.code})"


def region_in_key(name: str) -> models.UniqueConstraint:
    """Make a new region wait for whoever is taking the present one, and nothing else wait.

    What belongs to a place keeps its region beside it (decision 0044), read under the lock of a
    foreign key; and PostgreSQL holds that lock against changes of the columns of a key only.
    """
    return models.UniqueConstraint(fields=["region", "id"], name=name)


class AdministrativeBody(models.Model):
    """An administration or operator whose agents hold profiles (*structure administrative*)."""

    class Kind(models.TextChoices):
        ARS = "ars", "Agence régionale de santé"
        OMEDIT = "omedit", "OMEDIT"
        DEPARTMENT_COUNCIL = "conseil_departemental", "Conseil départemental"
        NATIONAL = "national", "Cellule nationale"
        SPF = "spf", "Santé publique France"
        LA_POSTE = "la_poste", "La Poste"
        CONSORTIUM = "consortium", "Consortium"

    kind = models.CharField("nature", max_length=30, choices=Kind)
    name = models.CharField("nom", max_length=120, unique=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, verbose_name="région"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, verbose_name="département"
    )
    mailbox = models.EmailField("boîte aux lettres", blank=True)

    class Meta:
        verbose_name = "structure administrative"
        verbose_name_plural = "structures administratives"
        ordering = ["name"]
        constraints = [
            region_in_key("administrative_body_region"),
            models.CheckConstraint(
                name="administrative_body_has_its_territory",
                condition=(
                    Q(kind__in=["ars", "omedit"], region__isnull=False)
                    | Q(kind="conseil_departemental", department__isnull=False)
                    | ~Q(kind__in=["ars", "omedit", "conseil_departemental"])
                ),
                violation_error_message="Indiquez la région ou le département de cette structure.",
            ),
        ]

    def __str__(self):
        return self.name
