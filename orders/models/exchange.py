"""What is exchanged with the warehouses: order files out, reports in."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.history import tracked
from establishments.models import AdministrativeBody
from establishments.perimeter import Perimeter, PerimeterQuerySet
from orders.models.order import Order


class ExchangeQuerySet(PerimeterQuerySet):
    """Of the country, or of the operator that it is exchanged with."""

    operator_path = "operator"

    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(**{f"{self.operator_path}__in": perimeter.operator_ids})


class OrderFileQuerySet(ExchangeQuerySet):
    def without_content(self) -> Self:
        """With the file that it replays, not what either says: some megabytes."""
        contents = ("json_text", "csv_text", "replay_of__json_text", "replay_of__csv_text")
        return self.select_related("operator", "replay_of").defer(*contents)


class OrderFile(models.Model):
    """A file of orders for one warehouse, numbered without a gap and never written again.

    The same content in JSON and in CSV, each with the digest of its bytes. ``replay_of``: the file
    whose orders it gives again, marked as such. ``dropped_at``: when it was put in the folder.
    """

    operator = models.ForeignKey(
        AdministrativeBody,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="logisticien",
    )
    sequence = models.PositiveIntegerField("numéro")
    written_at = models.DateTimeField("écrit le")
    replay_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replays", verbose_name="rejeu de"
    )
    replayed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="rejoué par",
    )
    reason = models.CharField("motif", max_length=300, blank=True)
    orders_count = models.PositiveIntegerField("commandes")
    lines_count = models.PositiveIntegerField("lignes")
    units = models.PositiveBigIntegerField("unités")
    stops_count = models.PositiveIntegerField("demandes d’arrêt", default=0)
    json_text = models.TextField("contenu JSON")
    json_digest = models.CharField("empreinte du JSON", max_length=64)
    csv_text = models.TextField("contenu CSV")
    csv_digest = models.CharField("empreinte du CSV", max_length=64)
    dropped_at = models.DateTimeField("déposé le", null=True)
    acknowledged_at = models.DateTimeField("reçu par le logisticien le", null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="accusé par",
    )
    acknowledged_via = models.CharField("machine", max_length=120, blank=True)

    objects = OrderFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier de commandes"
        verbose_name_plural = "fichiers de commandes"
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "sequence"], name="order_file_one_per_number"
            ),
            models.CheckConstraint(name="order_file_numbers_from_one", condition=Q(sequence__gt=0)),
        ]

    def __str__(self):
        return f"commandes-{self.sequence:06d}"


class FiledOrderQuerySet(ExchangeQuerySet):
    operator_path = "file__operator"


class FiledOrder(models.Model):
    """An order, or the request to stop it, in a file: once, and again only in a replay."""

    class Kind(models.TextChoices):
        ORDER = "order", "commande"
        STOP = "stop", "demande d’arrêt"

    file = models.ForeignKey(
        OrderFile, on_delete=models.PROTECT, related_name="filed", verbose_name="fichier"
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="filed", verbose_name="commande"
    )
    kind = models.CharField("nature", max_length=5, choices=Kind, default=Kind.ORDER)
    is_replay = models.BooleanField("rejeu", default=False)

    objects = FiledOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "commande d’un fichier"
        verbose_name_plural = "commandes d’un fichier"
        ordering = ["file", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                condition=Q(is_replay=False),
                name="filed_order_in_exactly_one_file",
            ),
            models.UniqueConstraint(
                fields=["file", "order", "kind"], name="filed_order_once_in_a_file"
            ),
        ]

    def __str__(self):
        return f"{self.order} – {self.file}"


class LogisticsReportQuerySet(ExchangeQuerySet):
    def held_back(self) -> Self:
        return self.filter(state__in=LogisticsReport.HELD_BACK)


@tracked(exclude=["content", "text", "digest"])
class LogisticsReport(models.Model):
    """A report of a warehouse, as it was sent, and what became of it.

    ``key`` is that of the sender, ``digest`` that of what it says: sent twice, it counts once.
    ``content`` is what was read, corrected perhaps since; ``text`` what came, when it could not be
    read or was corrected.
    """

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", "confirmation"
        PREPARATION = "preparation", "préparation"
        SHIPMENT = "expedition", "expédition"
        TRACKING = "suivi", "suivi de colis"
        DELIVERY = "livraison", "livraison"
        CLOSING = "solde", "solde"
        STOCK = "stock", "état de stock"
        STOP = "arret", "réponse à un arrêt"
        UNREADABLE = "", "illisible"

    class State(models.TextChoices):
        APPLIED = "applied", "traité"
        WAITING = "waiting", "en attente d’un compte rendu"
        QUARANTINED = "quarantined", "en quarantaine"
        DISCARDED = "discarded", "écarté"

    HELD_BACK = ("waiting", "quarantined")

    operator = models.ForeignKey(
        AdministrativeBody,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="logisticien",
    )
    kind = models.CharField("nature", max_length=12, choices=Kind, blank=True)
    key = models.CharField("clé de l’envoi", max_length=100)
    digest = models.CharField("empreinte", max_length=64)
    order_number = models.CharField("commande", max_length=40, blank=True)
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        null=True,
        related_name="reports",
        verbose_name="commande connue",
    )
    said_at = models.DateTimeField("fait le", null=True)
    content = models.JSONField("contenu", default=dict)
    text = models.TextField("texte reçu", blank=True)
    state = models.CharField("état", max_length=11, choices=State)
    reason = models.CharField("motif", max_length=500, blank=True)
    received_at = models.DateTimeField("reçu le")
    received_via = models.CharField("reçu par", max_length=120, blank=True)
    applied_at = models.DateTimeField("traité le", null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="repris par",
    )
    handled_at = models.DateTimeField("repris le", null=True)
    discard_reason = models.CharField("pourquoi il est écarté", max_length=300, blank=True)

    objects = LogisticsReportQuerySet.as_manager()

    class Meta:
        verbose_name = "compte rendu logistique"
        verbose_name_plural = "comptes rendus logistiques"
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "key"], name="report_once_by_key"),
            models.UniqueConstraint(fields=["operator", "digest"], name="report_once_by_content"),
            models.CheckConstraint(
                name="report_held_back_says_why",
                condition=~Q(state__in=["waiting", "quarantined"]) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["operator", "received_at"],
                condition=Q(state__in=["waiting", "quarantined"]),
                name="report_held_back",
            ),
            models.Index(fields=["operator", "-received_at", "-id"], name="report_of_operator"),
            models.Index(fields=["-received_at", "-id"], name="report_recent"),
            models.Index(
                fields=["order_number"], condition=~Q(order_number=""), name="report_of_order"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.order_number}".strip()

    @property
    def is_held_back(self) -> bool:
        return self.state in self.HELD_BACK
