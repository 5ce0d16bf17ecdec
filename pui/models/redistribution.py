"""Mutual aid between pharmacies: what one lacks, and what others send it (*dépannage*)."""

from django.db import models
from django.db.models import F

from common.history import tracked
from establishments.redistribution.models import Need, NeedQuerySet, Transfer, TransferQuerySet
from establishments.redistribution.states import NeedState
from medications.models import ReferenceProduct
from pui.models.register import Pui


class MedicineNeedQuerySet(NeedQuerySet):
    perimeter_path = "pui__establishment"


@tracked()
class MedicineNeed(Need):
    """A pharmacy lacks a reference product: any of its UCDs will do."""

    place_field = "pui"
    goods_field = "reference"

    pui = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="needs", verbose_name="PUI à dépanner"
    )
    reference = models.ForeignKey(
        ReferenceProduct,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="UCD de référence",
    )

    objects = MedicineNeedQuerySet.as_manager()

    class Meta(Need.Meta):
        abstract = False
        verbose_name = "besoin de dépannage"
        verbose_name_plural = "besoins de dépannage"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            *Need.Meta.constraints,
            models.UniqueConstraint(
                fields=["pui", "reference"],
                condition=models.Q(state=NeedState.OPEN),
                name="medicine_need_open_once",
                violation_error_message="Un besoin est déjà ouvert pour cette PUI et ce produit.",
            ),
        ]

    def __str__(self):
        return f"{self.reference} – {self.pui}"


class MedicineTransferQuerySet(TransferQuerySet):
    giver_path = "giver__establishment"
    taker_path = "need__pui__establishment"


@tracked()
class MedicineTransfer(Transfer):
    """From one pharmacy to the one in need, in units of the reference product."""

    need = models.ForeignKey(
        MedicineNeed, on_delete=models.PROTECT, related_name="transfers", verbose_name="besoin"
    )
    giver = models.ForeignKey(
        Pui, on_delete=models.PROTECT, related_name="given", verbose_name="PUI qui donne"
    )

    objects = MedicineTransferQuerySet.as_manager()

    class Meta(Transfer.Meta):
        abstract = False
        verbose_name = "transfert de dépannage"
        verbose_name_plural = "transferts de dépannage"
        ordering = [F("distance_km").asc(nulls_last=True), "pk"]
        constraints = [
            *Transfer.Meta.constraints,
            models.UniqueConstraint(
                fields=["need", "giver"],
                condition=models.Q(state="proposed"),
                name="medicine_transfer_proposed_once",
                violation_error_message="Cette PUI est déjà proposée pour ce besoin.",
            ),
        ]

    def __str__(self):
        return f"{self.need.reference} – {self.giver} → {self.need.pui}"
