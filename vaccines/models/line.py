"""A supply line: one wave, one final recipient, its five parts [000]; and what came of it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.history import tracked
from establishments.models import Establishment
from establishments.perimeter import Action, Holder, PerimeterQuerySet
from pui.models import Pui
from pui.models.routed import ROUTES
from vaccines.models.wave import Wave

BY = {"on_delete": models.PROTECT, "null": True, "related_name": "+"}


class SupplyLineQuerySet(PerimeterQuerySet):
    """Seen by its pharmacy, its region, and whoever delivers it: SPF, or the pivot hospital."""

    perimeter_path = "pui__establishment"

    def for_user(self, user: Holder, to: Action) -> Self:
        held = user.perimeter_to(to)
        path = "pivot__establishment" if to is Action.VAC_DELIV else self.perimeter_path
        reached = held.as_q(path)
        if not held.is_national and held.operator_ids:
            reached |= Q(flow=SupplyLine.Flow.A)
        return self.filter(reached)

    def standing(self) -> Self:
        """Those that nobody took away."""
        return self.filter(removed_at__isnull=True)


@tracked()
class SupplyLine(models.Model):
    """All quantities are doses. NULL is not typed: never 0.

    ``recalled`` is the delivery whose people come back: without one, it is a first delivery.
    ``vaccinated`` are the people who had their first injection with this delivery: they may be
    more than its doses (72 with 66). A line taken away is kept, with its reason.
    """

    class Flow(models.TextChoices):
        A = "A", "Santé publique France (flux A)"
        B = "B", "hôpital pivot (flux B)"

    class Removal(models.TextChoices):
        OFFICINE = "officine", "desservi par une officine"
        OTHER = "other", "autre motif"

    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="lines", verbose_name="vague"
    )
    # origin
    flow = models.CharField("provenance", max_length=1, choices=Flow)
    pivot = models.ForeignKey(
        Pui,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="PUI de l’hôpital pivot",
    )
    # recipient
    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="supply_lines", verbose_name="PUI"
    )
    recipient = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="destinataire final",
    )
    # need
    recalled = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recalls",
        verbose_name="livraison dont c’est le rappel",
    )
    first_doses = models.PositiveIntegerField("doses pour les 1res injections", null=True)
    second_doses = models.PositiveIntegerField("doses pour les 2es injections", null=True)
    comment = models.TextField("commentaire", blank=True)
    need_at = models.DateTimeField("besoin saisi le", null=True)
    need_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="besoin saisi par", **BY)
    # planned delivery
    expected_on = models.DateField("date prévue", null=True)
    planned_doses = models.PositiveIntegerField("doses prévues", null=True)
    planned_at = models.DateTimeField("livraison prévue écrite le", null=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="livraison prévue écrite par", **BY
    )
    shipped_on = models.DateField("expédiée le", null=True)
    shipped_doses = models.PositiveIntegerField("doses expédiées", null=True)
    # reception
    vaccinated = models.PositiveIntegerField("personnes vaccinées (1re injection)", null=True)
    vaccinated_at = models.DateTimeField("personnes vaccinées saisies le", null=True)
    vaccinated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personnes vaccinées saisies par", **BY
    )
    received_whole_at = models.DateTimeField("réception terminée le", null=True)
    gap_reason = models.CharField("motif de l’écart", max_length=250, blank=True)
    # taken away
    removed_at = models.DateTimeField("supprimée le", null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="supprimée par", **BY)
    removal = models.CharField("cause de la suppression", max_length=8, choices=Removal, blank=True)
    removal_reason = models.CharField("motif de la suppression", max_length=250, blank=True)

    objects = SupplyLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d’approvisionnement"
        verbose_name_plural = "lignes d’approvisionnement"
        ordering = ["-wave__delivers_on", "recipient__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "recipient"],
                condition=Q(removed_at__isnull=True),
                name="supply_line_one_a_recipient",
                violation_error_message="Ce destinataire a déjà une ligne dans cette vague.",
            ),
            models.CheckConstraint(
                name="supply_line_pivot_of_flow_b",
                condition=Q(flow="A", pivot__isnull=True) | Q(flow="B", pivot__isnull=False),
                violation_error_message="Le flux B vient d’un hôpital pivot, le flux A de SPF.",
            ),
            models.CheckConstraint(
                name="supply_line_first_delivery_recalls_nobody",
                condition=Q(recalled__isnull=False)
                | Q(second_doses__isnull=True)
                | Q(second_doses=0),
                violation_error_message=(
                    "Une première livraison n’a pas de rappel\u00a0: les doses des 2es injections "
                    "sont à 0."
                ),
            ),
            models.CheckConstraint(
                name="supply_line_removed_for_a_reason",
                condition=Q(removed_at__isnull=True, removal="")
                | (Q(removed_at__isnull=False) & ~Q(removal="")),
            ),
        ]

    def __str__(self):
        return f"{self.wave} – {self.recipient}"

    @property
    def doses(self) -> int | None:
        """What is ordered; nothing is, as long as either number is blank."""
        if self.first_doses is None or self.second_doses is None:
            return None
        return self.first_doses + self.second_doses


def delivered_by_spf() -> models.QuerySet[Any, dict[str, Any]]:
    """The pharmacies whose stocks of vaccines SPF reads: those that it delivers."""
    rows = SupplyLine.objects.standing().filter(flow=SupplyLine.Flow.A)
    return rows.order_by().values("pui")  # type: ignore[no-any-return]


ROUTES[Action.VAC_STOCK_READ] = delivered_by_spf


class ReceptionQuerySet(PerimeterQuerySet):
    perimeter_path = "line__pui__establishment"


@tracked()
class Reception(models.Model):
    """What came once: one lot, one day. A delivery may come in parts, or in several lots."""

    line = models.ForeignKey(
        SupplyLine, on_delete=models.PROTECT, related_name="receptions", verbose_name="ligne"
    )
    received_on = models.DateField("reçue le")
    doses = models.PositiveIntegerField("doses reçues")
    lot = models.CharField("lot", max_length=20, blank=True)
    expires_on = models.DateField("péremption", null=True, blank=True)
    gtin = models.CharField("code GTIN lu", max_length=14, blank=True)
    told_at = models.DateTimeField("saisie le", auto_now_add=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )

    objects = ReceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "réception"
        verbose_name_plural = "réceptions"
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reception_of_something",
                condition=Q(doses__gte=1),
                violation_error_message="Saisissez une dose au moins.",
            )
        ]

    def __str__(self):
        return f"{self.line}\u00a0: {self.doses} doses le {self.received_on:%d/%m/%Y}"
