"""A declaration of a pharmacy for one list and one due day: read, shown, confirmed at once.

It stands until another of the same due day replaces it.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Profile
from common.background import is_silent
from medications.models import MonitoredList
from pui.models.register import Pui
from pui.models.routed import RoutedQuerySet


class PuiRowsQuerySet(RoutedQuerySet):
    perimeter_path = "pui__establishment"


class Transmission(models.Model):
    """One declaration: read from a file, typed, or sent by a machine.

    ``content`` holds the lines as read, with the remarks shown and the answers given, until it is
    confirmed; then what became of each, for the receipt. ``report`` holds its counts.
    """

    class State(models.TextChoices):
        READING = "reading", "lecture en cours"
        READY = "ready", "à confirmer"
        STORING = "storing", "enregistrement en cours"
        CONFIRMED = "confirmed", "transmise"
        REPLACED = "replaced", "remplacée"
        REFUSED = "refused", "refusée"
        ABANDONED = "abandoned", "abandonnée"

    class Origin(models.TextChoices):
        FILE = "file", "fichier"
        GRID = "grid", "saisie"
        API = "api", "interface"
        MAPUI = "mapui", "maPUI"

    STORED = (State.CONFIRMED, State.REPLACED)

    number = models.UUIDField("numéro", default=uuid.uuid4, unique=True, editable=False)
    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="transmissions", verbose_name="PUI"
    )
    monitored_list = models.ForeignKey(
        MonitoredList, on_delete=models.PROTECT, related_name="+", verbose_name="liste"
    )
    due_on = models.DateField("échéance du")
    origin = models.CharField("origine", max_length=6, choices=Origin)
    state = models.CharField("état", max_length=10, choices=State, default=State.READY)
    filename = models.CharField("fichier", max_length=200, blank=True)
    path = models.FileField("fichier déposé", upload_to="transmissions/", blank=True)
    digest = models.CharField("empreinte", max_length=64, blank=True)
    key = models.CharField("clé d’idempotence", max_length=100, blank=True)
    content = models.JSONField("lignes", default=list)
    report = models.JSONField("compte rendu", default=dict)
    message = models.TextField("message", blank=True)
    received_at = models.DateTimeField("reçue le", auto_now_add=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="reçue de",
    )
    profile = models.ForeignKey(
        Profile,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="sous le profil",
    )
    confirmed_at = models.DateTimeField("transmise le", null=True)
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="replaces",
        verbose_name="remplacée par",
    )
    progress = models.PositiveIntegerField("avancement", default=0)
    seen_at = models.DateTimeField("dernier signe du traitement", null=True)

    objects = PuiRowsQuerySet.as_manager()

    class Meta:
        verbose_name = "transmission"
        verbose_name_plural = "transmissions"
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["pui", "monitored_list", "-due_on"], name="transmission_of_pui"),
            models.Index(fields=["monitored_list", "due_on"], name="transmission_of_due_day"),
            models.Index(
                fields=["monitored_list", "-received_at", "-id"], name="transmission_latest"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pui", "monitored_list", "due_on"],
                condition=Q(state="confirmed"),
                name="transmission_one_in_force",
                violation_error_message="Une transmission est déjà en vigueur à cette échéance.",
            ),
            models.UniqueConstraint(
                fields=["pui", "monitored_list", "due_on", "digest"],
                condition=Q(state="confirmed") & ~Q(digest=""),
                name="transmission_same_file_once",
                violation_error_message="Ce fichier a déjà été transmis.",
            ),
            models.UniqueConstraint(
                fields=["pui", "key"],
                condition=~Q(key=""),
                name="transmission_same_key_once",
                violation_error_message="Cette demande a déjà été reçue.",
            ),
            models.CheckConstraint(
                name="transmission_stored_when_confirmed",
                condition=Q(state__in=["confirmed", "replaced"], confirmed_at__isnull=False)
                | (~Q(state__in=["confirmed", "replaced"]) & Q(confirmed_at__isnull=True)),
            ),
        ]

    def __str__(self):
        return f"{self.pui} – {self.monitored_list} – {self.due_on:%d/%m/%Y}"

    @property
    def is_under_way(self):
        """Whether the task worker has it."""
        return self.state in (self.State.READING, self.State.STORING)

    @property
    def is_stopped(self):
        """Whether the worker began and is gone; one that waits for its turn is not stopped."""
        return self.is_under_way and self.seen_at is not None and is_silent(self.seen_at)
