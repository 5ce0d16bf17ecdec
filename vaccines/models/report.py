"""« Signaler une ligne manquante, mal affectée ou desservie par une officine » [000]."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.history import tracked
from establishments.models import Establishment
from pui.models import Pui
from pui.models.transmission import PuiRowsQuerySet
from vaccines.models.line import SupplyLine
from vaccines.models.wave import Wave


@tracked()
class LineReport(models.Model):
    """A pharmacy cannot create a line: it says which is wrong, and its region answers."""

    class Kind(models.TextChoices):
        MISSING = "missing", "ligne manquante"
        MISPLACED = "misplaced", "ligne mal affectée"
        OFFICINE = "officine", "destinataire desservi par une officine"

    class State(models.TextChoices):
        OPEN = "open", "à traiter"
        DONE = "done", "corrigé"
        DISMISSED = "dismissed", "sans suite"

    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="line_reports", verbose_name="PUI"
    )
    kind = models.CharField("signalement", max_length=9, choices=Kind)
    wave = models.ForeignKey(
        Wave,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="vague",
    )
    line = models.ForeignKey(
        SupplyLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name="ligne",
    )
    recipient = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="destinataire",
    )
    comment = models.TextField("précisions", blank=True)
    state = models.CharField("état", max_length=9, choices=State, default=State.OPEN)
    told_at = models.DateTimeField("signalé le", auto_now_add=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    answer = models.TextField("réponse", blank=True)
    closed_at = models.DateTimeField("traité le", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="traité par",
    )

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement d’une ligne"
        verbose_name_plural = "signalements de lignes"
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="line_report_of_a_line_or_a_recipient",
                condition=Q(line__isnull=False) | Q(recipient__isnull=False),
                violation_error_message="Dites de quelle ligne ou de quel destinataire il s’agit.",
            ),
            models.CheckConstraint(
                name="line_report_closed_when_it_is",
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} – {self.pui}"
