"""What was done, by whom, for which place: written once, never changed."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q


class Lexemes(Func):
    """The plain words of the profile (A) and of the details (B), less the names of the fields.

    Through the database's own IMMUTABLE ``words()``; the longest details are searched by their
    beginning.
    """

    template = """
        setweight(to_tsvector('simple'::regconfig, words(profile)), 'A') ||
        setweight(to_tsvector('simple'::regconfig, left(words(
            regexp_replace(details::text, '"[a-z_]+": ', ' ', 'g')), 20000)), 'B')
    """
    output_field = SearchVectorField()


UNCHANGED = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


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
    lexemes = models.GeneratedField(
        expression=Lexemes(), output_field=SearchVectorField(), db_persist=True
    )

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
            # what one page of one person did, from the number shown on it
            models.Index(
                fields=["request_id"], condition=~Q(request_id=""), name="journal_request"
            ),
            GinIndex(fields=["lexemes"], name="journal_words"),
        ]
        triggers = [UNCHANGED]

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M} {self.verb}"


class Seal(models.Model):
    """The entries of a range, closed for good: their digest, chained to the seal before.

    A seal holds all the entries after the last one of the seal before, whatever hole rolled-back
    transactions left among their numbers. ``mac`` is made with a key that the database never sees.
    """

    number = models.PositiveBigIntegerField("lot", primary_key=True)
    first_id = models.BigIntegerField("première entrée")
    last_id = models.BigIntegerField("dernière entrée", unique=True)
    count = models.PositiveIntegerField("entrées")
    digest = models.CharField("empreinte des entrées", max_length=64)
    previous = models.CharField("empreinte du sceau précédent", max_length=64, blank=True)
    at = models.DateTimeField("scellé le", db_index=True)
    horizon = models.DateTimeField("rien d’antérieur ne suit", null=True)
    key = models.CharField("clé", max_length=8)
    mac = models.CharField("sceau", max_length=64)

    class Meta:
        verbose_name = "sceau du journal"
        verbose_name_plural = "sceaux du journal"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1, count__gte=1, first_id__lte=F("last_id")),
                name="journal_seal_has_entries",
            )
        ]
        triggers = [UNCHANGED]

    def __str__(self):
        return f"lot {self.number}"


class Purge(models.Model):
    """Whole batches whose entries were removed after the delay; written by the owner's function."""

    last = models.PositiveBigIntegerField("dernier lot purgé", primary_key=True)
    first = models.PositiveBigIntegerField("premier lot purgé", unique=True)
    count = models.PositiveBigIntegerField("entrées retirées")
    months = models.PositiveIntegerField("mois de conservation")
    at = models.DateTimeField("purgé le")
    key = models.CharField("clé", max_length=8)
    mac = models.CharField("sceau", max_length=64)

    class Meta:
        verbose_name = "purge du journal"
        verbose_name_plural = "purges du journal"
        ordering = ["last"]
        triggers = [UNCHANGED]

    def __str__(self):
        return f"lots {self.first} à {self.last}"
