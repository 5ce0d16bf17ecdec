"""What a request for assistance is about: what is asked, and who answers."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Priority(models.IntegerChoices):
    LOW = 1, "basse"
    NORMAL = 2, "normale"
    HIGH = 3, "haute"
    URGENT = 4, "urgente"


class Service(models.TextChoices):
    """Who answers. The national cell answers by mail, through the support, which reads them all."""

    AGENCY = "ars", "ARS de la région"
    SPF = "spf", "Santé publique France"
    SUPPORT = "support", "Assistance"
    NATIONAL = "national", "Cellule nationale"


class SubjectQuerySet(models.QuerySet):
    def open(self):
        return self.filter(is_open=True)

    def for_visitors(self):
        """Those that somebody who cannot log in may have."""
        return self.open().filter(is_for_visitors=True)


class Subject(models.Model):
    """A line of the list from which a person chooses; ``asks`` are the fields that it adds."""

    class Asked(models.TextChoices):
        """The fields of the support form of the vaccines guide [000]."""

        PHARMACY = "pui", "PUI"
        RECIPIENT = "destinataire", "établissement destinataire"
        FINESS = "finess", "numéro FINESS géographique"
        TOWN = "ville", "ville de la PUI"

    slug = models.SlugField("nom dans les adresses", max_length=30, unique=True)
    label = models.CharField("sujet", max_length=100)
    help_text = models.CharField("ce qu’il faut préciser", max_length=300, blank=True)
    service = models.CharField("qui répond", max_length=8, choices=Service)
    asks = ArrayField(
        models.CharField(max_length=12, choices=Asked),
        verbose_name="champs demandés en plus",
        default=list,
        blank=True,
    )
    priority = models.PositiveSmallIntegerField(
        "priorité de départ", choices=Priority, default=Priority.NORMAL
    )
    delay_days = models.PositiveSmallIntegerField("délai visé (jours ouvrés)", default=2)
    is_for_visitors = models.BooleanField("proposé sans connexion", default=False)
    is_open = models.BooleanField("proposé", default=True)
    rank = models.PositiveSmallIntegerField("rang", default=100)
    updated_at = models.DateTimeField("modifié le", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="modifié par",
    )

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = "sujet de demande"
        verbose_name_plural = "sujets de demande"
        ordering = ["rank", "label"]
        constraints = [
            models.CheckConstraint(
                name="subject_delay_is_short",
                condition=Q(delay_days__gte=1, delay_days__lte=20),
                violation_error_message="Le délai visé va de 1 à 20 jours ouvrés.",
            ),
        ]

    def __str__(self):
        return self.label
