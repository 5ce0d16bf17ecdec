"""What is typed of the catalogue: a product, its price from a day on, what is in stock."""

from decimal import Decimal
from typing import Any

from django import forms

from common.numbers import NumberError, parse_decimal, parse_integer
from epi_stocks.models import EpiItem
from orders.consortium.reach import Shelf
from orders.consortium.tariffs import Tariff
from orders.models import Product
from orders.pictograms import PICTOGRAMS
from orders.services.products import Described, tariff_refusal

DAY = {"type": "date"}
DEAREST = Decimal("9999999.99")
FILES = {"accept": ".xlsx,.csv,.txt"}


class AmountField(forms.CharField):
    """A number typed in French, with decimals."""

    def __init__(self, *, maximum: Decimal = DEAREST, **kwargs: Any) -> None:
        self.maximum = maximum
        super().__init__(max_length=40, widget=forms.TextInput({"inputmode": "decimal"}), **kwargs)

    def clean(self, value: Any) -> Any:
        try:
            return parse_decimal(super().clean(value), maximum=self.maximum)
        except NumberError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class ProductForm(forms.Form):
    """A product; ``seen`` is its mark when the form was shown."""

    code = forms.SlugField(
        label="Référence", max_length=40, help_text="Lettres, chiffres et tirets\u00a0; unique."
    )
    label = forms.CharField(label="Libellé", max_length=120)
    item = forms.ModelChoiceField(EpiItem.objects.none(), label="Équipement")
    kind = forms.CharField(
        label="Type", max_length=60, required=False, help_text="Par exemple «\u00a0type IIR\u00a0»."
    )
    size = forms.CharField(label="Taille", max_length=10, required=False)
    units_per_pack = forms.IntegerField(label="Unités par colis", min_value=1, max_value=1_000_000)
    pack_label = forms.CharField(label="Nom du colis", max_length=20, initial="carton")
    units_per_pallet = forms.IntegerField(
        label="Unités par palette", min_value=1, max_value=10_000_000, required=False
    )
    delay_days = forms.IntegerField(
        label="Délai de livraison (jours ouvrés)", min_value=0, max_value=200, initial=5
    )
    pictogram = forms.ChoiceField(
        label="Pictogramme", required=False, choices=[("", "Aucun"), *PICTOGRAMS.items()]
    )
    rank = forms.IntegerField(
        label="Rang dans le catalogue", min_value=0, max_value=9_999, initial=0
    )
    is_open = forms.BooleanField(label="Au catalogue", required=False, initial=True)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items: Any = self.fields["item"]
        items.queryset = EpiItem.objects.filter(starts_on__isnull=False).order_by("rank")
        if product is not None:
            now = Described.of(product)
            values = {name: getattr(now, name) for name in Described.__slots__}
            self.initial = values | {"seen": now.mark, "item": product.item_id}

    def described(self) -> Described:
        return Described(**{name: self.cleaned_data[name] for name in Described.__slots__})


class TariffForm(forms.Form):
    """A price without tax, and the tax."""

    price = AmountField(label="Prix du colis, hors taxes (€)")
    tax_rate = AmountField(label="TVA (%)", maximum=Decimal("99.99"), initial="20")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.keys() >= {"price", "tax_rate"}:
            for name, text in tariff_refusal(self.tariff()).items():
                self.add_error(name, text)
        return typed

    def tariff(self) -> Tariff:
        return Tariff(self.cleaned_data["price"], self.cleaned_data["tax_rate"])


class PriceForm(TariffForm):
    """The same from a day on."""

    starts_on = forms.DateField(label="À partir du", widget=forms.DateInput(DAY, format="%Y-%m-%d"))


class NewSoldForm(ProductForm, TariffForm):
    """A product that is sold, with its first price."""

    field_order = ("code", "label", "item", "kind", "size", "units_per_pack", "pack_label", "price")


def new_form_of(shelf: Shelf) -> type[ProductForm]:
    return NewSoldForm if shelf.is_paid else ProductForm


class CountForm(forms.Form):
    """What was counted; ``seen`` is what the page said."""

    counted = forms.CharField(
        label="Unités comptées, commandes en cours comprises",
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_counted(self) -> int:
        try:
            found = parse_integer(self.cleaned_data["counted"])
        except NumberError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if found is None:
            raise forms.ValidationError("Un nombre entier, 0 compris.")
        return found


class CatalogueFileForm(forms.Form):
    """A file of products."""

    file = forms.FileField(
        label="Fichier des produits",
        help_text="XLSX ou CSV\u00a0: le modèle dit ses colonnes.",
        widget=forms.FileInput(FILES),
    )
