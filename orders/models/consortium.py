"""What the consortium sells out of tension [004]: agreement, prices, who sells, who pays."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from common.history import tracked
from establishments.models import AdministrativeBody
from establishments.models.nomenclature import WHOLE_SPAN, DatedQuerySet
from establishments.perimeter import Perimeter, PerimeterQuerySet
from orders.models.order import Order, OrderRowQuerySet
from orders.models.product import Product


@tracked()
class SupplyAgreement(models.Model):
    """Between these dates, both included, a consortium may sell its products on the portal.

    « du 01/10/2020 au 31/03/2021 » [004]. Outside, nothing that is paid can be ordered.
    """

    body = models.ForeignKey(
        AdministrativeBody,
        on_delete=models.PROTECT,
        related_name="supply_agreements",
        verbose_name="fournisseur",
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "convention d’approvisionnement"
        verbose_name_plural = "conventions d’approvisionnement"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="supply_agreement_dates",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La convention finit avant de commencer.",
            ),
            ExclusionConstraint(
                name="supply_agreement_one_at_a_time",
                expressions=[
                    (F("body"), RangeOperators.EQUAL),
                    (WHOLE_SPAN, RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une convention couvre déjà ces dates.",
            ),
        ]

    def __str__(self):
        return f"{self.body} – à partir du {self.starts_on:%d/%m/%Y}"


@tracked()
class ProductPrice(models.Model):
    """The price and the tax of a product from a day on; ``Product.price`` is that of before.

    An order keeps the price of the day it was sent.
    """

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="prices", verbose_name="produit"
    )
    starts_on = models.DateField("à partir du")
    price = models.DecimalField("prix du colis, hors taxes (€)", max_digits=9, decimal_places=2)
    tax_rate = models.DecimalField("TVA (%)", max_digits=4, decimal_places=2)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    set_at = models.DateTimeField("fixé le", auto_now=True)

    class Meta:
        verbose_name = "prix"
        verbose_name_plural = "prix"
        ordering = ["product", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["product", "starts_on"], name="product_price_a_day"),
            models.CheckConstraint(name="product_price_counts", condition=Q(price__gte=0)),
        ]

    def __str__(self):
        return f"{self.product} – {self.price} € à partir du {self.starts_on:%d/%m/%Y}"


class SellerQuerySet(PerimeterQuerySet):
    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(body__in=perimeter.operator_ids)


@tracked()
class Seller(models.Model):
    """Who issues the invoices of a consortium: what the law wants written on them."""

    body = models.OneToOneField(
        AdministrativeBody,
        on_delete=models.PROTECT,
        related_name="seller",
        verbose_name="fournisseur",
    )
    name = models.CharField("raison sociale", max_length=120)
    legal_form = models.CharField("forme juridique et capital", max_length=120)
    siret = models.CharField("SIRET", max_length=14)
    vat_number = models.CharField("numéro de TVA intracommunautaire", max_length=20)
    register = models.CharField("immatriculation", max_length=120, blank=True)
    lines = models.CharField("rue, bâtiment", max_length=250)
    postal_code = models.CharField("code postal", max_length=5)
    town = models.CharField("commune", max_length=100)
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    email = models.EmailField("courriel du service de facturation")
    payment_days = models.PositiveSmallIntegerField("délai de paiement (jours)", default=30)
    penalty_rate = models.DecimalField(
        "pénalités de retard (% par an)", max_digits=5, decimal_places=2, default=12
    )

    objects = SellerQuerySet.as_manager()

    class Meta:
        verbose_name = "identité du fournisseur"
        verbose_name_plural = "identités des fournisseurs"
        ordering = ["body"]

    def __str__(self):
        return self.name

    @property
    def siren(self) -> str:
        return self.siret[:9]


@tracked()
class Billing(models.Model):
    """To whom a paid order is invoiced, as it was said when it was sent or corrected since.

    ``engagement`` (« numéro d’engagement juridique ») and ``service_code`` are those that a public
    buyer writes so that Chorus Pro hands the invoice to the right desk.
    """

    order = models.OneToOneField(
        Order, on_delete=models.CASCADE, related_name="billing", verbose_name="commande"
    )
    is_public = models.BooleanField("établissement public")
    name = models.CharField("raison sociale", max_length=99)  # the most that Chorus Pro reads
    siret = models.CharField("SIRET", max_length=14)
    lines = models.CharField("rue, bâtiment", max_length=250)
    postal_code = models.CharField("code postal", max_length=5)
    town = models.CharField("commune", max_length=100)
    email = models.EmailField("courriel de la comptabilité", blank=True)
    service_code = models.CharField("code service", max_length=100, blank=True)
    engagement = models.CharField("numéro d’engagement", max_length=50, blank=True)
    reference = models.CharField("votre référence", max_length=50, blank=True)

    objects = OrderRowQuerySet.as_manager()

    class Meta:
        verbose_name = "adresse de facturation"
        verbose_name_plural = "adresses de facturation"
        ordering = ["order"]

    def __str__(self):
        return f"{self.name} ({self.siret})"
