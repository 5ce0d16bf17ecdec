"""A flu season: what each pharmacy needs, and what it ordered and already received [000, 001]."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from common.history import tracked
from establishments.models.nomenclature import WHOLE_SPAN
from pui.models import Pui
from pui.models.transmission import PuiRowsQuerySet


class TargetGroup(models.Model):
    """For whom doses are asked: residents, staff… Data, in the order of the form."""

    label = models.CharField("public visé", max_length=120, unique=True)
    rank = models.PositiveSmallIntegerField("rang")
    is_used = models.BooleanField("proposé", default=True)

    class Meta:
        verbose_name = "public visé"
        verbose_name_plural = "publics visés"
        ordering = ["rank", "pk"]

    def __str__(self):
        return self.label


@tracked()
class FluCampaign(models.Model):
    """From ``starts_on`` to ``ends_on``, both included; needs are typed until ``needs_due_at``."""

    season = models.CharField("saison", max_length=9, unique=True)
    starts_on = models.DateField("début de la campagne")
    ends_on = models.DateField("fin de la campagne")
    needs_open_on = models.DateField("ouverture des demandes")
    needs_due_at = models.DateTimeField("date limite des demandes")

    class Meta:
        verbose_name = "campagne de vaccination contre la grippe"
        verbose_name_plural = "campagnes de vaccination contre la grippe"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="flu_campaign_ends_after_it_starts",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="La campagne finit avant de commencer.",
            ),
            models.CheckConstraint(
                name="flu_campaign_needs_in_order",
                condition=Q(needs_open_on__lte=F("needs_due_at__date")),
                violation_error_message="Les demandes se ferment avant de s’ouvrir.",
            ),
            ExclusionConstraint(
                name="flu_campaign_one_at_a_time",
                expressions=[(WHOLE_SPAN, RangeOperators.OVERLAPS)],
                violation_error_message="Une autre campagne couvre déjà ces jours.",
            ),
        ]

    def __str__(self):
        return f"Campagne {self.season}"


@tracked()
class FluRequest(models.Model):
    """« Demande vaccins grippe »: what one pharmacy needs for a season, group by group."""

    campaign = models.ForeignKey(
        FluCampaign, on_delete=models.PROTECT, related_name="requests", verbose_name="campagne"
    )
    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="flu_requests", verbose_name="PUI"
    )
    comment = models.TextField("commentaire", blank=True)
    sent_at = models.DateTimeField("transmise le")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de vaccins contre la grippe"
        verbose_name_plural = "demandes de vaccins contre la grippe"
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "pui"],
                name="flu_request_once",
                violation_error_message="Cette PUI a déjà une demande pour cette saison.",
            )
        ]

    def __str__(self):
        return f"{self.campaign} – {self.pui}"


class FluNeedQuerySet(PuiRowsQuerySet):
    perimeter_path = "request__pui__establishment"


@tracked()
class FluNeed(models.Model):
    """Doses for one group. A group left blank has no row: blank is not 0."""

    request = models.ForeignKey(
        FluRequest, on_delete=models.CASCADE, related_name="needs", verbose_name="demande"
    )
    group = models.ForeignKey(
        TargetGroup, on_delete=models.PROTECT, related_name="+", verbose_name="public visé"
    )
    doses = models.PositiveIntegerField("doses")

    objects = FluNeedQuerySet.as_manager()

    class Meta:
        verbose_name = "besoin d’un public"
        verbose_name_plural = "besoins des publics"
        ordering = ["group__rank"]
        constraints = [
            models.UniqueConstraint(fields=["request", "group"], name="flu_need_once_a_group")
        ]

    def __str__(self):
        return f"{self.group}\u00a0: {self.doses}"


@tracked()
class DeliveredDoses(models.Model):
    """« Quantité cumulée commandée livrée »: ordered and already there since the campaign began.

    It only grows; lowered, it says why in ``correction_reason``. Each state is in its history.
    """

    campaign = models.ForeignKey(
        FluCampaign, on_delete=models.PROTECT, related_name="delivered", verbose_name="campagne"
    )
    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="flu_delivered", verbose_name="PUI"
    )
    doses = models.PositiveIntegerField("quantité cumulée commandée livrée")
    correction_reason = models.CharField("motif de la correction", max_length=250, blank=True)
    told_at = models.DateTimeField("saisie le")
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "quantité cumulée commandée livrée"
        verbose_name_plural = "quantités cumulées commandées livrées"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "pui"], name="delivered_doses_once")
        ]

    def __str__(self):
        return f"{self.campaign} – {self.pui}\u00a0: {self.doses}"
