"""What the service measured of itself: by minute, then by hour, without anybody's name."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from monitoring.recorder import JOB, PAGE


class Measured(models.Model):
    """How often something was asked, how it ended, how long it took.

    ``name`` is the name of a route or of a task: known from the code, never typed by anybody.
    """

    kind = models.CharField("nature", max_length=4, choices=[(PAGE, "page"), (JOB, "travail")])
    name = models.CharField("nom", max_length=120)
    method = models.CharField("méthode", max_length=8, blank=True)
    outcome = models.CharField("issue", max_length=8)
    count = models.BigIntegerField("nombre")
    millis = models.FloatField("durée totale, en millisecondes")
    statements = models.BigIntegerField("instructions envoyées à la base")
    statement_millis = models.FloatField("dont durée dans la base, en millisecondes")
    buckets = ArrayField(models.BigIntegerField(), verbose_name="nombres par classe de durée")

    class Meta:
        abstract = True


class Traffic(Measured):
    """A minute; an hour once it is old (`monitoring.upkeep.fold`)."""

    at = models.DateTimeField("à partir de")

    class Meta:
        verbose_name = "trafic"
        verbose_name_plural = "trafic"
        constraints = [
            models.UniqueConstraint(
                fields=["at", "kind", "name", "method", "outcome"], name="traffic_once"
            )
        ]

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M} {self.name} {self.outcome}"


class Total(Measured):
    """The same since the beginning: never goes down, as a machine that watches expects."""

    class Meta:
        verbose_name = "cumul"
        verbose_name_plural = "cumuls"
        constraints = [
            models.UniqueConstraint(fields=["kind", "name", "method", "outcome"], name="total_once")
        ]

    def __str__(self):
        return f"{self.name} {self.outcome}"


class Fault(models.Model):
    """An answer that said « we failed », with the number that the person was given."""

    at = models.DateTimeField("le", db_index=True)
    request = models.CharField("numéro de requête", max_length=32)
    name = models.CharField("route", max_length=120)
    method = models.CharField("méthode", max_length=8)
    outcome = models.CharField("état", max_length=8)
    error = models.CharField("erreur", max_length=80, blank=True)

    class Meta:
        verbose_name = "erreur"
        verbose_name_plural = "erreurs"

    def __str__(self):
        return f"{self.request} {self.name} {self.outcome}"


class SlowStatement(models.Model):
    """A statement that took more than a fifth of a second, its values taken out."""

    digest = models.CharField("empreinte", max_length=32, unique=True)
    text = models.TextField("instruction")
    name = models.CharField("demandée en dernier par", max_length=120, blank=True)
    count = models.BigIntegerField("nombre")
    millis = models.FloatField("durée totale, en millisecondes")
    slowest = models.FloatField("la plus longue, en millisecondes")
    first_at = models.DateTimeField("la première")
    last_at = models.DateTimeField("la dernière", db_index=True)

    class Meta:
        verbose_name = "instruction lente"
        verbose_name_plural = "instructions lentes"

    def __str__(self):
        return f"{self.digest} × {self.count}"
