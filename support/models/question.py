"""A question that people ask, and its answer: read by everybody, written by support.

The first ones come with the product (``source`` tells where the question was first asked, in the
sources of `design/domain.md`); what is edited afterwards is never overwritten.
"""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.urls import reverse

from common.history import tracked
from establishments.models.directory import Plain

FRENCH = "french"


class Theme(models.TextChoices):
    """What a question is about, in the order of the page; the value is the anchor and address."""

    CONNECTION = "connexion", "Connexion et compte"
    RIGHTS = "habilitations", "Profils et habilitations"
    FINESS = "finess", "Établissements et numéros FINESS"
    EQUIPMENT = "epi-stocks", "EPI-Stocks\u00a0: inventaire des équipements"
    MEDICINES = "e-dispostock", "e-Dispostock\u00a0: pharmacies et médicaments"
    VACCINES = "vaccins", "Vaccins grippe et COVID-19"
    ORDERS = "distrilog", "Distrilog-Santé\u00a0: commandes sur le stock de l’État"
    QUOTAS = "contingentement", "Tension et contingentement"
    INVOICES = "factures", "Consortium et factures"
    REGIONS = "ars", "ARS, OMEDIT et cellule nationale"
    ASSISTANCE = "assistance", "Assistance et données"


class QuestionQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def for_roles(self, codes: frozenset[str]) -> Self:
        """Those that concern some roles first; asked of none, none."""
        return self.filter(roles__overlap=sorted(codes))


@tracked(exclude=["words"])
class Question(models.Model):
    """One question; ``slug`` is its address, which never changes.

    ``roles`` are the codes of the matrix whom it concerns first; none: everybody. ``live`` names a
    part read from today's data, shown under the answer.
    """

    slug = models.SlugField("adresse", max_length=80, unique=True)
    theme = models.CharField("thème", max_length=20, choices=Theme)
    question = models.CharField("question", max_length=200)
    answer = models.TextField("réponse")
    keywords = models.CharField("autres mots pour la trouver", max_length=300, blank=True)
    roles = ArrayField(
        models.CharField(max_length=3), verbose_name="concerne d’abord", default=list, blank=True
    )
    live = models.CharField("données du jour", max_length=30, blank=True)
    source = models.CharField("source", max_length=120, blank=True)
    rank = models.PositiveIntegerField("ordre", default=0)
    is_published = models.BooleanField("publiée", default=True)
    updated_at = models.DateTimeField("mise à jour le", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="mise à jour par",
    )
    words = models.GeneratedField(
        expression=SearchVector(Plain("question"), weight="A", config=FRENCH)
        + SearchVector(Plain("keywords"), weight="B", config=FRENCH)
        + SearchVector(Plain("answer"), weight="C", config=FRENCH),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question"
        ordering = ["rank", "pk"]
        indexes = [GinIndex(fields=["words"], name="question_words")]
        constraints = [
            models.CheckConstraint(
                name="question_is_answered",
                condition=~models.Q(question="") & ~models.Q(answer=""),
                violation_error_message="Une question publiée a sa réponse.",
            ),
        ]

    def __str__(self):
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("support:question", args=[self.slug])


class QuestionOpinion(models.Model):
    """How many found an answer useful, and how many not, day by day: nobody is known."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="opinions")
    day = models.DateField("jour")
    useful = models.PositiveIntegerField("utile", default=0)
    useless = models.PositiveIntegerField("pas utile", default=0)

    class Meta:
        verbose_name = "avis sur une question"
        verbose_name_plural = "avis sur les questions"
        constraints = [
            models.UniqueConstraint(fields=["question", "day"], name="question_opinion_per_day")
        ]

    def __str__(self):
        return f"{self.question}, {self.day:%d/%m/%Y}"
