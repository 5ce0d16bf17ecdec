"""Who carries the parcels, and where each shows what became of them."""

from urllib.parse import quote

from django.db import models
from django.db.models import Q

from common.history import tracked


@tracked()
class Carrier(models.Model):
    """A carrier; ``tracking`` is the address of its page of a parcel, whose number is {number}."""

    name = models.CharField("transporteur", max_length=60, unique=True)
    tracking = models.CharField("adresse de suivi", max_length=200, blank=True)

    class Meta:
        verbose_name = "transporteur"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="carrier_tracking_is_safe",
                condition=Q(tracking="")
                | Q(tracking__startswith="https://", tracking__contains="{number}"),
                violation_error_message=(
                    "L’adresse de suivi commence par https:// et contient {number}."
                ),
            )
        ]

    def __str__(self):
        return self.name

    def link_to(self, number: str) -> str:
        """Where a parcel is followed; empty when the carrier shows nothing."""
        return self.tracking.replace("{number}", quote(number, safe=""))
