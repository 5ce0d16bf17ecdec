"""What the ministry or an ARS writes to roles and territories, and who is reached [001]."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.models import User
from common.history import tracked
from common.markup import LONGEST
from establishments.models import AdministrativeBody
from establishments.models.directory import Plain
from establishments.perimeter import Action, PerimeterQuerySet

FRENCH = "french"
FINAL = ("sender", "reference", "nature", "title", "body", "signature", "apply_on", "due_on",
         "roles", "category_codes", "is_countrywide", "region_codes", "department_codes",
         "corrects", "sent_by", "sent_at", "people", "places")  # fmt: skip
CHANGED = reduce(
    or_, (pgtrigger.Q(**{f"old__{one}__df": pgtrigger.F(f"new__{one}")}) for one in FINAL)
)


class MessageQuerySet(PerimeterQuerySet):
    """Those of the body one writes for; who reads which is told by ``messages.audience``."""

    def for_user(self, user: User, to: Action = Action.MSG_SEND) -> Self:
        """Those that the body of the profile in use wrote, its drafts too."""
        profile = user.active_profile
        if to != Action.MSG_SEND or profile is None or not user.may(Action.MSG_SEND):
            return self.none()
        return self.filter(sender=profile.body_id)

    def sent(self) -> Self:
        """Left, withdrawn since or not."""
        return self.exclude(state=Message.State.DRAFT)

    def in_force(self, today: date | None = None) -> Self:
        """Sent, neither withdrawn nor corrected by another, and still shown."""
        today = today or timezone.localdate()
        shown = Q(shown_until__isnull=True) | Q(shown_until__gte=today)
        corrected = Message.objects.filter(corrects__isnull=False).exclude(
            state=Message.State.DRAFT
        )
        found = self.filter(shown, state=Message.State.SENT)
        return found.exclude(pk__in=corrected.values("corrects"))

    def search(self, text: str) -> Self:
        """Find by the words of the reference, the title and the text, as French inflects them."""
        words = SearchQuery(Plain(Value(text)), config=FRENCH, search_type="websearch")
        return self.filter(Q(words=words) | Q(reference__icontains=text))


@tracked(exclude=["words"])
class Message(models.Model):
    """A note, as those of the ministry are: reference, subject, for action or for information.

    It goes to ``roles`` (keys of ``messages.roles``; none: to all the roles of an establishment)
    where the place is of ``category_codes`` (none: whichever) and of the territory. Once sent it
    is never changed: another one corrects it, or it is withdrawn. ``version`` grows at each change
    of a draft. ``people`` and ``places`` are those it reached the day it was sent.
    """

    class Nature(models.TextChoices):
        ACTION = "action", "pour action"
        INFORMATION = "information", "pour information"

    class State(models.TextChoices):
        DRAFT = "draft", "brouillon"
        SENT = "sent", "envoyé"
        WITHDRAWN = "withdrawn", "retiré"

    sender = models.ForeignKey(
        AdministrativeBody, on_delete=models.PROTECT, related_name="+", verbose_name="expéditeur"
    )
    reference = models.CharField("référence", max_length=60)
    nature = models.CharField("nature", max_length=12, choices=Nature, default=Nature.INFORMATION)
    title = models.CharField("objet", max_length=150, blank=True)
    body = models.TextField("texte", max_length=LONGEST, blank=True)
    signature = models.CharField("signature", max_length=200, blank=True)
    apply_on = models.DateField("à appliquer à partir du", null=True, blank=True)
    due_on = models.DateField("à faire avant le", null=True, blank=True)
    shown_until = models.DateField("affiché jusqu’au", null=True, blank=True)
    is_urgent = models.BooleanField("urgent", default=False)
    by_mail = models.BooleanField("aussi par courriel", default=False)
    roles = ArrayField(
        models.CharField(max_length=30), default=list, blank=True, verbose_name="rôles"
    )
    category_codes = ArrayField(
        models.CharField(max_length=4), default=list, blank=True, verbose_name="catégories"
    )
    is_countrywide = models.BooleanField("toute la France", default=True)
    region_codes = ArrayField(
        models.CharField(max_length=3), default=list, blank=True, verbose_name="régions"
    )
    department_codes = ArrayField(
        models.CharField(max_length=3), default=list, blank=True, verbose_name="départements"
    )
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="rectifie",
    )
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField("version", default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    changed_at = models.DateTimeField("modifié le", auto_now=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="envoyé par",
    )
    sent_at = models.DateTimeField("envoyé le", null=True)
    people = models.PositiveIntegerField("personnes touchées", null=True)
    places = models.PositiveIntegerField("structures touchées", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="retiré par",
    )
    withdrawn_at = models.DateTimeField("retiré le", null=True)
    reason = models.CharField("motif du retrait", max_length=500, blank=True)
    words = models.GeneratedField(
        expression=SearchVector(
            Plain(Concat("reference", Value(" "), "title", output_field=TextField())),
            config=FRENCH,
            weight="A",
        )
        + SearchVector(Plain("body"), config=FRENCH, weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["-sent_at", "-pk"]
        indexes = [
            GinIndex(fields=["words"], name="message_words"),
            models.Index(fields=["-sent_at"], condition=Q(state="sent"), name="message_sent"),
            models.Index(
                fields=["sent_at"],
                condition=Q(state="sent", is_urgent=True),
                name="message_urgent",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sent_stays",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="draft"),
            ),
            pgtrigger.Protect(
                name="sent_is_final",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="draft") & CHANGED,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "reference"],
                name="message_reference_unique_per_sender",
                violation_error_message="Cette référence est déjà prise.",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                name="message_corrected_once",
                violation_error_message="Ce message a déjà un rectificatif.",
            ),
            models.CheckConstraint(
                name="message_sent_says_by_whom",
                condition=Q(state="draft", sent_at__isnull=True, sent_by__isnull=True)
                | ~Q(state="draft") & Q(sent_at__isnull=False, sent_by__isnull=False),
            ),
            models.CheckConstraint(
                name="message_withdrawn_says_why",
                condition=Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(reason="")
                | ~Q(state="withdrawn") & Q(withdrawn_at__isnull=True, reason=""),
            ),
            models.CheckConstraint(
                name="message_sent_is_whole",
                condition=Q(state="draft")
                | ~Q(title="")
                & ~Q(body="")
                & (~Q(roles=[]) | ~Q(category_codes=[]))
                & (Q(is_countrywide=True) | ~Q(region_codes=[]) | ~Q(department_codes=[])),
            ),
            models.CheckConstraint(
                name="message_countrywide_names_no_place",
                condition=Q(is_countrywide=False) | Q(region_codes=[], department_codes=[]),
            ),
            models.CheckConstraint(
                name="message_for_action_is_mailed",
                condition=~Q(nature="action") | Q(by_mail=True),
            ),
            models.CheckConstraint(
                name="message_days_follow",
                condition=Q(apply_on__isnull=True)
                | Q(due_on__isnull=True)
                | Q(due_on__gte=F("apply_on")),
            ),
        ]

    def __str__(self):
        return f"{self.reference} · {self.title}" if self.title else self.reference

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def is_corrected(self) -> bool:
        """Replaced by another one, which was sent."""
        return self.corrections.exclude(state=self.State.DRAFT).exists()

    @property
    def is_in_force(self) -> bool:
        """Whether it still asks its readers for something."""
        return type(self).objects.in_force().filter(pk=self.pk).exists()

    @property
    def is_for_action(self) -> bool:
        return self.nature == self.Nature.ACTION

    @property
    def is_national(self) -> bool:
        """Written by the national cell, not by an ARS."""
        return self.sender.kind == AdministrativeBody.Kind.NATIONAL
