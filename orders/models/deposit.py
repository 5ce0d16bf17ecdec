"""The deposit of an invoice on Chorus Pro, and what its recipients there want."""

from django.db import models

from orders.models.invoice import Invoice, InvoiceQuerySet, InvoiceRowQuerySet


class Deposit(models.Model):
    """The deposit of an invoice of a public buyer on Chorus Pro, and what became of it there.

    ``flow`` is the number of the deposit, ``remote_id`` that of the invoice there. What went wrong
    last is ``problem``; ``reason`` is what was written by whoever refused or suspended it.
    « Refusé »: Chorus Pro did not take it in, and the same number may be deposited again;
    « rejetée »: its recipient said no, for ever.
    """

    class State(models.TextChoices):
        BY_HAND = "by_hand", "à déposer à la main"
        WAITING = "waiting", "à déposer"
        SENDING = "sending", "dépôt à vérifier"
        DEPOSITED = "deposited", "déposée"
        FORWARDED = "forwarded", "en cours d’acheminement"
        AVAILABLE = "available", "mise à disposition"
        TO_RECYCLE = "to_recycle", "à recycler"
        SUSPENDED = "suspended", "suspendue"
        APPROVED = "approved", "service fait"
        ORDERED = "ordered", "mandatée"
        IN_PAYMENT = "in_payment", "mise en paiement"
        REFUSED = "refused", "dépôt refusé"
        REJECTED = "rejected", "rejetée"
        WITHDRAWN = "withdrawn", "sans objet"

    ENDED = ("by_hand", "in_payment", "refused", "rejected", "withdrawn")
    ABSENT = ("waiting", "refused", "rejected", "to_recycle")  # nobody there is to pay it
    TO_MEND = ("refused", "rejected", "to_recycle")

    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, related_name="deposit", verbose_name="facture"
    )
    state = models.CharField("état", max_length=12, choices=State, default=State.WAITING)
    flow = models.CharField("numéro de flux", max_length=60, blank=True)
    remote_id = models.CharField("identifiant Chorus Pro", max_length=40, blank=True)
    reason = models.CharField("motif", max_length=500, blank=True)
    problem = models.CharField("dernière difficulté", max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField("essais", default=0)
    deposited_at = models.DateTimeField("déposée le", null=True)
    checked_at = models.DateTimeField("vérifiée le", null=True)

    objects = InvoiceRowQuerySet.as_manager()

    class Meta:
        verbose_name = "dépôt sur Chorus Pro"
        verbose_name_plural = "dépôts sur Chorus Pro"
        ordering = ["invoice"]

    def __str__(self):
        return f"{self.invoice}\u00a0: {self.get_state_display()}"


class DepositStepQuerySet(InvoiceQuerySet):
    invoice_path = "deposit__invoice"


class DepositStep(models.Model):
    """Each state of a deposit, when it was seen, and what Chorus Pro said."""

    deposit = models.ForeignKey(
        Deposit, on_delete=models.CASCADE, related_name="steps", verbose_name="dépôt"
    )
    state = models.CharField("état", max_length=12, choices=Deposit.State)
    text = models.CharField("ce qui s’est passé", max_length=500, blank=True)
    at = models.DateTimeField("le", auto_now_add=True)

    objects = DepositStepQuerySet.as_manager()

    class Meta:
        verbose_name = "étape d’un dépôt"
        verbose_name_plural = "étapes d’un dépôt"
        ordering = ["deposit", "at", "pk"]

    def __str__(self):
        return f"{self.get_state_display()} – {self.text}"


class Recipient(models.Model):
    """What Chorus Pro says that a public body wants on its invoices, kept a day."""

    siret = models.CharField("SIRET", max_length=14, primary_key=True)
    name = models.CharField("désignation", max_length=200, blank=True)
    is_known = models.BooleanField("connue de Chorus Pro")
    needs_service = models.BooleanField("code service exigé", default=False)
    needs_engagement = models.BooleanField("numéro d’engagement exigé", default=False)
    needs_either = models.BooleanField("l’un ou l’autre exigé", default=False)
    services = models.JSONField("services ouverts", default=list)
    checked_at = models.DateTimeField("lue le")

    class Meta:
        verbose_name = "structure de Chorus Pro"
        verbose_name_plural = "structures de Chorus Pro"
        ordering = ["siret"]

    def __str__(self):
        return f"{self.name} ({self.siret})"
