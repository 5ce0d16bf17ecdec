"""Invoices of the consortium: numbered without gap, never changed; credit notes take them back."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from establishments.models import AdministrativeBody
from establishments.perimeter import Perimeter, PerimeterQuerySet
from orders.models.beneficiary import Beneficiary, beneficiary_q
from orders.models.order import Order
from orders.models.order_line import OrderLine

UNCHANGED = pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)


class InvoiceSeries(models.Model):
    """The last number given by a supplier in a year: locked while the next one is written."""

    body = models.ForeignKey(
        AdministrativeBody, on_delete=models.PROTECT, related_name="+", verbose_name="fournisseur"
    )
    year = models.PositiveSmallIntegerField("année")
    last = models.PositiveIntegerField("dernier numéro", default=0)

    class Meta:
        verbose_name = "suite de numéros de factures"
        verbose_name_plural = "suites de numéros de factures"
        ordering = ["body", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["body", "year"], name="invoice_series_a_year")
        ]

    def __str__(self):
        return f"{self.body} – {self.year}\u00a0: {self.last}"


class InvoiceQuerySet(PerimeterQuerySet):
    """Of one's beneficiary, or issued by one's body."""

    invoice_path = ""

    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        prefix = f"{self.invoice_path}__" if self.invoice_path else ""
        return self.filter(
            beneficiary_q(perimeter, f"{prefix}buyer")
            | Q(**{f"{prefix}body__in": perimeter.operator_ids})
        )

    def for_list(self):
        return self.select_related(
            "buyer__establishment",
            "buyer__legal_entity",
            "deposit",
            "cancels",
            "lessens",
            "cancelled_by",
        )


class Invoice(models.Model):
    """An invoice, or a credit note, as it was issued, for ever.

    A credit note ``cancels`` a whole invoice, whose packs are then to be invoiced again, or
    ``lessens`` one by packs that nobody owes any more (missing, damaged).
    Amounts are euros; those of a credit note are positive too: its nature says which way.
    ``seller`` and ``billed_to`` are both parties as they were that day.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "facture"
        CREDIT = "credit", "avoir"

    kind = models.CharField("nature", max_length=7, choices=Kind, default=Kind.INVOICE)
    body = models.ForeignKey(
        AdministrativeBody, on_delete=models.PROTECT, related_name="+", verbose_name="fournisseur"
    )
    year = models.PositiveSmallIntegerField("année")
    rank = models.PositiveIntegerField("rang")
    number = models.CharField("numéro", max_length=20)
    buyer = models.ForeignKey(
        Beneficiary, on_delete=models.PROTECT, related_name="invoices", verbose_name="client"
    )
    is_public = models.BooleanField("client public")
    seller = models.JSONField("fournisseur tel qu’écrit")
    billed_to = models.JSONField("client tel qu’écrit")
    issued_on = models.DateField("émise le")
    due_on = models.DateField("à payer avant le")
    delivered_on = models.DateField("livrée le")
    net = models.DecimalField("total hors taxes (€)", max_digits=12, decimal_places=2)
    tax = models.DecimalField("TVA (€)", max_digits=12, decimal_places=2)
    gross = models.DecimalField("total toutes taxes comprises (€)", max_digits=12, decimal_places=2)
    cancels = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="cancelled_by",
        verbose_name="annule",
    )
    lessens = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="lessened_by",
        verbose_name="diminue",
    )
    reason = models.CharField("motif", max_length=300, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    issued_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "facture"
        ordering = ["-year", "-rank"]
        triggers = [UNCHANGED]
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "rank"], name="invoice_numbered_once"),
            models.UniqueConstraint(fields=["body", "number"], name="invoice_number_once"),
            models.CheckConstraint(name="invoice_adds_up", condition=Q(gross=F("net") + F("tax"))),
            models.CheckConstraint(
                name="invoice_credit_corrects_one",
                condition=Q(kind="invoice", cancels__isnull=True, lessens__isnull=True)
                | Q(kind="credit", cancels__isnull=False, lessens__isnull=True)
                | Q(kind="credit", cancels__isnull=True, lessens__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["buyer", "-issued_on"], name="invoice_of_buyer")]

    def __str__(self):
        return self.number

    @property
    def is_credit(self) -> bool:
        return self.kind == Invoice.Kind.CREDIT

    @property
    def corrected(self) -> "Invoice | None":
        """The invoice that a credit note takes back, whole or in part."""
        return self.cancels or self.lessens


class InvoiceRowQuerySet(InvoiceQuerySet):
    invoice_path = "invoice"


class InvoiceLine(models.Model):
    """Packs of a line of an order, at the price of the day the order was sent.

    On credit notes too: packs that are taken back.
    """

    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="lines", verbose_name="facture"
    )
    rank = models.PositiveSmallIntegerField("rang")
    ordered = models.ForeignKey(
        OrderLine,
        on_delete=models.PROTECT,
        related_name="invoice_lines",
        verbose_name="ligne commandée",
    )
    code = models.CharField("référence", max_length=40)
    label = models.CharField("libellé", max_length=250)
    packing = models.CharField("conditionnement", max_length=60)
    packs = models.PositiveIntegerField("colis")
    price = models.DecimalField("prix du colis (€)", max_digits=9, decimal_places=2)
    tax_rate = models.DecimalField("TVA (%)", max_digits=4, decimal_places=2)
    net = models.DecimalField("montant hors taxes (€)", max_digits=12, decimal_places=2)

    objects = InvoiceRowQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de facture"
        verbose_name_plural = "lignes de facture"
        ordering = ["invoice", "rank"]
        triggers = [UNCHANGED]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "rank"], name="invoice_line_rank"),
            models.CheckConstraint(
                name="invoice_line_adds_up", condition=Q(net=F("packs") * F("price"))
            ),
        ]

    def __str__(self):
        return f"{self.packs} × {self.label}"

    @property
    def order(self) -> Order:
        return self.ordered.order


class InvoiceFile(models.Model):
    """The document itself, kept as it was issued: the PDF/A-3 and the XML that it carries."""

    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, related_name="file", verbose_name="facture"
    )
    pdf = models.BinaryField("PDF/A-3")
    xml = models.BinaryField("Factur-X")
    digest = models.CharField("empreinte SHA-256 du PDF", max_length=64)

    objects = InvoiceRowQuerySet.as_manager()

    class Meta:
        verbose_name = "document d’une facture"
        verbose_name_plural = "documents des factures"
        ordering = ["invoice"]
        triggers = [UNCHANGED]

    def __str__(self):
        return str(self.invoice)
