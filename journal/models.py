"""What was done, by whom, for which place: written once, never changed."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F


class Entry(models.Model):
    """One consequential action, written by a service in the transaction of that action.

    The place is kept as text (FINESS, region, department), so that each administrator can be shown
    their part of the journal without this app knowing what an establishment is. The profile is a
    snapshot: it says under which one the person acted even when it has since ended.
    """

    at = models.DateTimeField("le", auto_now_add=True, db_index=True)
    verb = models.CharField("action", max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="journal_entries",
        verbose_name="par",
    )
    profile = models.CharField("profil", max_length=300, blank=True)
    target = models.CharField("objet", max_length=200, blank=True)
    finess = models.CharField("FINESS", max_length=9, blank=True)
    region_code = models.CharField("région", max_length=3, blank=True)
    department_code = models.CharField("département", max_length=3, blank=True)
    details = models.JSONField("détails", default=dict)
    request_id = models.CharField("numéro de requête", max_length=32, blank=True)
    address = models.GenericIPAddressField("adresse", null=True)

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["region_code", "-at"], name="journal_region_at"),
            models.Index(fields=["verb", "-at"], name="journal_verb_at"),
            # which actions are found in a place or a region, without reading them all
            models.Index(fields=["finess", "verb"], name="journal_finess_verb"),
            models.Index(fields=["region_code", "verb"], name="journal_region_verb"),
            # found by its beginning too: « username · profile »
            models.Index(
                OpClass("target", name="varchar_pattern_ops"),
                F("at").desc(),
                name="journal_target_at",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M} {self.verb}"
