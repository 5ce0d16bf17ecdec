"""What is typed of a request for relief, and of its answers."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.numbers import format_integer
from common.weeks import current_week
from epi_stocks.models import EpiItem
from establishments.models import Establishment
from orders.models import Beneficiary, DeliveryAddress, Product
from orders.relief.rights import sites_of
from orders.services.relief import LONGEST_REASON, Asked
from orders.services.relief_receptions import Came
from pui.sharing.forms import QuantityField


class AskForm(forms.Form):
    """The days of cover and the quota are added by themselves, shown before sending."""

    site = forms.ChoiceField(label="Site à dépanner")
    equipement = forms.ModelChoiceField(
        label="Équipement", queryset=EpiItem.objects.none(), empty_label="À choisir"
    )
    quantite = QuantityField(
        label="Quantité demandée",
        help_text="En unités, pas en cartons\u00a0: masques, paires de gants, blouses.",
        least=1,
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Pourquoi le stock manque, ce qui est déjà commandé, ce qui est en jeu.",
        min_length=5,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, beneficiaries: Sequence[Beneficiary], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, tuple[Beneficiary, Establishment]] = {
            f"{one.pk}-{site.pk}": (one, site) for one in beneficiaries for site in sites_of(one)
        }
        named = [(key, f"{site.name}, {site.town}") for key, (_, site) in self.places.items()]
        self.fields["site"].choices = named if len(named) == 1 else [("", "À choisir"), *named]
        items: Any = self.fields["equipement"]
        items.queryset = EpiItem.objects.top().on(current_week())

    def beneficiary(self) -> Beneficiary:
        return self.places[self.cleaned_data["site"]][0]

    def asked(self) -> Asked:
        typed = self.cleaned_data
        site = self.places[typed["site"]][1]
        return Asked(site, typed["equipement"], typed["quantite"], typed["motif"])


class RefuseForm(forms.Form):
    reponse = forms.CharField(
        label="Pourquoi vous refusez",
        help_text="Envoyé par courriel à la personne qui demande.",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
    )


class ReceivedForm(forms.Form):
    """What came in all; ``deja`` is what was told when the page was shown."""

    recu = QuantityField(
        label="Reçu en tout (unités)",
        help_text="En unités, pas en cartons, toutes livraisons de cette demande ensemble.",
        least=0,
    )
    remarque = forms.CharField(
        label="Remarque",
        help_text="Ce qui manque ou est abîmé. Envoyée à l’ARS.",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
    )
    deja = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def came(self) -> Came:
        typed = self.cleaned_data
        return Came(typed["recu"], typed["remarque"], typed["deja"])


class PoolForm(forms.Form):
    """Packs of each product of the item, an address of the establishment, whom to call."""

    adresse = forms.ChoiceField(label="Livrer à")
    contact = forms.CharField(label="Personne à joindre à la livraison", max_length=100)
    telephone = forms.CharField(
        label="Son téléphone",
        max_length=20,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    message = forms.CharField(
        label="Message à l’établissement",
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        products: Sequence[Product],
        addresses: Sequence[DeliveryAddress],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.products, self.addresses = list(products), list(addresses)
        for one in self.products:
            units = format_integer(one.units_per_pack)
            self.fields[_name(one)] = QuantityField(
                label=f"{one}, nombre de {one.pack_labels}",
                help_text=f"1 {one.pack_label} = {units} unités",
                required=False,
            )
        self.fields["adresse"].choices = [(str(one.pk), str(one)) for one in self.addresses]
        self.order_fields([*map(_name, self.products), "adresse", "contact", "telephone"])

    @property
    def product_fields(self) -> list[forms.BoundField]:
        return [self[_name(one)] for one in self.products]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("adresse", "contact", "telephone", "message")]

    def clean(self) -> dict[str, Any] | None:
        typed = super().clean()
        if not self.errors and not self.lines():
            raise forms.ValidationError("Choisissez au moins un produit.")
        return typed

    def lines(self) -> dict[int, int]:
        """Units by number of product."""
        return {
            one.pk: packs * one.units_per_pack
            for one in self.products
            if (packs := self.cleaned_data.get(_name(one)) or 0)
        }

    def address(self) -> DeliveryAddress:
        return next(one for one in self.addresses if str(one.pk) == self.cleaned_data["adresse"])


def _name(product: Product) -> str:
    return f"produit-{product.pk}"


def packs_offered(products: Sequence[Product], asked: int, left: int) -> dict[str, int]:
    """What the form shows first: what is asked, of the first product, within what is left."""
    if not products:
        return {}
    first = products[0]
    wanted = -(-asked // first.units_per_pack)
    return {_name(first): min(wanted, left // first.units_per_pack)}


class ReliefFilter(forms.Form):
    """Blank keeps everything; a value that is not offered is left aside."""

    etat = forms.ChoiceField(label="État", required=False)
    equipement = forms.ModelChoiceField(
        label="Équipement",
        queryset=EpiItem.objects.top(),
        required=False,
        empty_label="Tous",
    )
    region = forms.ChoiceField(label="Région", required=False)
    departement = forms.ChoiceField(label="Département", required=False)
