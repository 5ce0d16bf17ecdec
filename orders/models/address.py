"""Where an order is delivered: the FINESS address, or another that somebody else validated."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.history import tracked
from establishments.models import AdministrativeBody, Establishment, LegalEntity
from establishments.perimeter import Perimeter, PerimeterQuerySet
from orders.models.beneficiary import Beneficiary, beneficiary_q


class AddressQuerySet(PerimeterQuerySet):
    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(
            beneficiary_q(perimeter, "beneficiary")
            | Q(agency__in=perimeter.operator_ids)
            | Q(agency__region__in=perimeter.region_codes)
        )

    def usable(self):
        return self.filter(state=DeliveryAddress.State.VALIDATED)

    def waiting(self):
        return self.filter(state=DeliveryAddress.State.PROPOSED)

    def for_list(self):
        return self.select_related(
            "beneficiary__establishment",
            "beneficiary__legal_entity",
            "agency",
            "site",
            "proposed_by",
            "decided_by",
            "retired_by",
        )


@tracked()
class DeliveryAddress(models.Model):
    """An address of a beneficiary, or of an ARS for its pool.

    That of FINESS (``site``) needs no validation; a free one is proposed by one person and
    validated by another (APE or ARS). It is never changed: another replaces it. ``key``: its
    street and postal code in plain words, which two live addresses of one holder never share.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "en attente de validation"
        VALIDATED = "validated", "validée"
        REFUSED = "refused", "refusée"
        RETIRED = "retired", "retirée"

    beneficiary = models.ForeignKey(
        Beneficiary,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="addresses",
        verbose_name="bénéficiaire",
    )
    agency = models.ForeignKey(
        AdministrativeBody,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ARS",
    )
    site = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="établissement FINESS",
    )
    label = models.CharField("nom du lieu", max_length=120)
    lines = models.CharField("rue, bâtiment", max_length=250)
    postal_code = models.CharField("code postal", max_length=5)
    town = models.CharField("commune", max_length=100)
    terms = models.CharField("horaires et accès", max_length=300, blank=True)
    contact_name = models.CharField("personne à joindre", max_length=100, blank=True)
    contact_phone = models.CharField("téléphone", max_length=20, blank=True)
    state = models.CharField("état", max_length=9, choices=State, default=State.PROPOSED)
    reason = models.CharField("motif", max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="proposée par",
    )
    proposed_at = models.DateTimeField("proposée le", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="validée par",
    )
    decided_at = models.DateTimeField("décidée le", null=True)
    answer = models.CharField("réponse", max_length=300, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="retirée par",
    )
    retired_at = models.DateTimeField("retirée le", null=True)
    key = models.CharField("clé des doublons", max_length=300, blank=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = "adresse de livraison"
        verbose_name_plural = "adresses de livraison"
        ordering = ["-site", "label", "pk"]
        constraints = [
            models.CheckConstraint(
                name="delivery_address_of_one",
                condition=Q(beneficiary__isnull=True) ^ Q(agency__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["beneficiary", "site"],
                condition=Q(site__isnull=False) & ~Q(state="retired"),
                name="delivery_address_one_per_site",
            ),
            models.CheckConstraint(
                name="delivery_address_validated_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                violation_error_message="Une adresse est validée par une autre personne.",
            ),
            models.CheckConstraint(
                name="delivery_address_free_is_decided",
                condition=Q(site__isnull=False)
                | Q(state__in=["proposed", "retired"])
                | Q(decided_by__isnull=False, proposed_by__isnull=False),
                violation_error_message="Une adresse libre est proposée puis validée.",
            ),
            models.UniqueConstraint(
                fields=["beneficiary", "key"],
                condition=Q(state__in=["proposed", "validated"]) & ~Q(key=""),
                name="delivery_address_once_per_beneficiary",
            ),
            models.UniqueConstraint(
                fields=["agency", "key"],
                condition=Q(state__in=["proposed", "validated"]) & ~Q(key=""),
                name="delivery_address_once_per_agency",
            ),
        ]

    def __str__(self):
        return f"{self.label}, {self.lines}, {self.postal_code} {self.town}"

    @property
    def holder(self) -> Beneficiary | AdministrativeBody:
        """Whose it is: a beneficiary, or an ARS for its pool."""
        return self.beneficiary or self.agency

    @property
    def place(self) -> Establishment | LegalEntity | AdministrativeBody:
        """Where the journal files it."""
        return self.beneficiary.place if self.beneficiary else self.agency
