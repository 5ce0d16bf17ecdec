"""When a person last looked at their home page under a profile, and what they read there."""

from django.conf import settings
from django.db import models

from accounts.models import Profile


class Visit(models.Model):
    """The visit under way of a person under a profile (or none), and the end of the one before.

    A visit lasts one session and one day: reloading the page, or logging in again within the hour,
    is the same visit. ``seen_at`` is the
    last time the home page was shown, ``marks`` what it said then (the class of a department, by
    its name); when another visit begins, both become those of the visit before.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="visits",
        verbose_name="compte",
    )
    profile = models.ForeignKey(
        Profile, on_delete=models.CASCADE, null=True, related_name="+", verbose_name="profil"
    )
    session = models.BigIntegerField("session commencée à (secondes depuis 1970)")
    day = models.DateField("jour")
    seen_at = models.DateTimeField("accueil vu le")
    marks = models.JSONField("ce qui y était lu", default=dict)
    before_at = models.DateTimeField("fin de la visite précédente", null=True)
    before_marks = models.JSONField("ce qui était lu à la visite précédente", default=dict)

    class Meta:
        verbose_name = "visite"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "profile"], nulls_distinct=False, name="visit_one_a_profile"
            )
        ]

    def __str__(self):
        return f"{self.user} – {self.seen_at:%d/%m/%Y}"
