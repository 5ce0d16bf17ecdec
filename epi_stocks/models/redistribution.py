"""Mutual aid between establishments: what one lacks, and what others send it (*dépannage*)."""

from django.db import models
from django.db.models import F

from common.history import tracked
from epi_stocks.models.item import EpiItem
from establishments.models import Establishment
from establishments.redistribution.models import Need, NeedQuerySet, Transfer, TransferQuerySet
from establishments.redistribution.states import NeedState, TransferState


class EquipmentNeedQuerySet(NeedQuerySet):
    perimeter_path = "establishment"


@tracked()
class EquipmentNeed(Need):
    """An establishment lacks an item; a site whose stock another declares asks through that one."""

    place_field = "establishment"
    goods_field = "item"

    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="equipment_needs",
        verbose_name="établissement à dépanner",
    )
    item = models.ForeignKey(
        EpiItem, on_delete=models.PROTECT, related_name="+", verbose_name="équipement"
    )

    objects = EquipmentNeedQuerySet.as_manager()

    class Meta(Need.Meta):
        abstract = False
        verbose_name = "besoin d’équipements"
        verbose_name_plural = "besoins d’équipements"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            *Need.Meta.constraints,
            models.UniqueConstraint(
                fields=["establishment", "item"],
                condition=models.Q(state=NeedState.OPEN),
                name="equipment_need_open_once",
                violation_error_message="Un besoin est déjà ouvert pour cet établissement.",
            ),
        ]

    def __str__(self):
        return f"{self.item} – {self.establishment}"


class EquipmentTransferQuerySet(TransferQuerySet):
    giver_path = "giver"
    taker_path = "need__establishment"


@tracked()
class EquipmentTransfer(Transfer):
    """From one establishment to the one in need, in units of the item."""

    need = models.ForeignKey(
        EquipmentNeed, on_delete=models.PROTECT, related_name="transfers", verbose_name="besoin"
    )
    giver = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        related_name="equipment_given",
        verbose_name="établissement qui donne",
    )

    objects = EquipmentTransferQuerySet.as_manager()

    class Meta(Transfer.Meta):
        abstract = False
        verbose_name = "transfert d’équipements"
        verbose_name_plural = "transferts d’équipements"
        ordering = [F("distance_km").asc(nulls_last=True), "pk"]
        constraints = [
            *Transfer.Meta.constraints,
            models.UniqueConstraint(
                fields=["need", "giver"],
                condition=models.Q(state=TransferState.PROPOSED),
                name="equipment_transfer_proposed_once",
                violation_error_message="Cet établissement est déjà proposé pour ce besoin.",
            ),
        ]

    def __str__(self):
        return f"{self.need.item} – {self.giver} → {self.need.establishment}"
