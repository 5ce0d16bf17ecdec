"""How the service is used, day by day: what the public page shows."""

from django.db import models


class Statistic(models.Model):
    """One figure of one day; ``part`` tells it from its likes (a week, a kind of people).

    ``value`` is NULL when it is too small to be told: who is behind it would be found.
    """

    day = models.DateField("jour")
    name = models.SlugField("statistique", max_length=40)
    part = models.CharField("part", max_length=60, blank=True)
    value = models.BigIntegerField("valeur", null=True)

    class Meta:
        verbose_name = "statistique d’usage"
        verbose_name_plural = "statistiques d’usage"
        ordering = ["-day", "name", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "name", "part"],
                name="statistic_once_a_day",
                violation_error_message="Cette statistique est déjà faite.",
            ),
            models.CheckConstraint(
                name="statistic_not_negative",
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0),
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.part} – {self.day:%d/%m/%Y}"
