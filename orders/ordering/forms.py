"""What is typed to order: quantities of a shelf, the basket, where to deliver, why one stops."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms

from common.numbers import MAXIMUM, NumberError, format_integer, parse_integer
from orders.models import DeliveryAddress, OrderingRule, Product
from orders.ordering.shelves import Shelf
from orders.services.sending import LONGEST_COMMENT, LONGEST_CONTACT, LONGEST_PHONE, Delivery

NAME = re.compile(r"produit-([0-9]{1,9})")


def field_name(product: int) -> str:
    return f"produit-{product}"


def products_named(data: Mapping[str, Any]) -> list[int]:
    """The numbers of the products that a form sent."""
    found = (NAME.fullmatch(key) for key in data)
    return [int(one[1]) for one in found if one]


class UnitsField(forms.CharField):
    """Units of a product, in whole packs; blank is 0."""

    def __init__(self, product: Product, **kwargs: Any) -> None:
        self.product = product
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(max_length=14, required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> int:
        text = super().clean(value)
        try:
            units = parse_integer(text, maximum=MAXIMUM) or 0
        except NumberError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        pack = self.product.units_per_pack
        if units % pack:
            below, above = units // pack * pack, (units // pack + 1) * pack
            around = [format_integer(one) for one in (below, above) if one]
            raise forms.ValidationError(
                f"Par {format_integer(pack)} seulement ({self.product.whole_pack})\u00a0: tapez "
                f"{' ou '.join(around)}."
            )
        return units


class ShelfForm(forms.Form):
    """A quantity for each product (type, size) of one equipment: they share its quota."""

    def __init__(self, data: Any = None, *, shelf: Shelf) -> None:
        self.shelf = shelf
        super().__init__(data, auto_id=f"e{shelf.item.pk}-%s")
        for offer in shelf.offers:
            if offer.is_out:
                continue
            self.fields[field_name(offer.product.pk)] = UnitsField(
                offer.product,
                label=_label(offer.product, shelf.is_alone),
                initial=format_integer(offer.in_basket) if offer.in_basket else "",
                help_text=_bounds(offer.product, shelf.most(offer)),
            )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for offer in self.shelf.offers:
            name = field_name(offer.product.pk)
            if (typed.get(name) or 0) > offer.available:
                text = f"L’entrepôt n’en a plus que {format_integer(offer.whole)}."
                self.add_error(name, text)
        total = sum(units for units in typed.values() if units)
        if not self.errors and total > self.shelf.remaining:
            self._refuse(total)
        return typed

    def _refuse(self, total: int) -> None:
        left = format_integer(self.shelf.remaining)
        first = next(iter(self.fields))
        if len(self.fields) == 1:
            self.add_error(first, f"Il reste {left}\u00a0: ce serait trop.")
            return
        self.add_error(
            first, f"En tout {format_integer(total)}, et il reste {left} pour toutes les tailles."
        )

    @property
    def units(self) -> dict[int, int]:
        """By number of product; 0 takes a product off the basket."""
        return {field.product.pk: self.cleaned_data[name] for name, field in self.fields.items()}


def _label(product: Product, is_alone: bool) -> str:
    if is_alone:
        return "Quantité"
    words = " ".join(part for part in (product.kind, product.size) if part)
    return words[:1].upper() + words[1:] if words else product.label


def _bounds(product: Product, most: int) -> str:
    return f"par {format_integer(product.units_per_pack)}, {format_integer(most)} au plus"


class BasketForm(forms.Form):
    """The quantities, the address, the person to call; ``jeton`` makes two clicks one order."""

    adresse = forms.ModelChoiceField(
        DeliveryAddress.objects.none(),
        label="Adresse",
        required=False,
        error_messages={"invalid_choice": "Cette adresse ne peut pas servir\u00a0: choisissez-en "
                        "une autre."},
    )  # fmt: skip
    contact = forms.CharField(
        label="Personne à joindre à la livraison", required=False, max_length=LONGEST_CONTACT
    )
    telephone = forms.CharField(
        label="Téléphone", required=False, max_length=LONGEST_PHONE,
        widget=forms.TextInput({"type": "tel"}),
    )  # fmt: skip
    commentaire = forms.CharField(
        label="Commentaire pour l’entrepôt", required=False, max_length=LONGEST_COMMENT
    )
    jeton = forms.UUIDField(widget=forms.HiddenInput, required=False)
    vue = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        products: Iterable[Product],
        addresses: Iterable[DeliveryAddress],
        quantities: Mapping[int, int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.products = list(products)
        usable = [one.pk for one in addresses if one.state == DeliveryAddress.State.VALIDATED]
        self.fields["adresse"].queryset = DeliveryAddress.objects.filter(pk__in=usable)
        for one in self.products:
            units = (quantities or {}).get(one.pk)
            self.fields[field_name(one.pk)] = UnitsField(
                one, label=f"Quantité\u00a0: {one}", initial=format_integer(units) if units else ""
            )

    @property
    def lines(self) -> dict[int, int]:
        """By number of product; those at 0 are not there."""
        typed = {one.pk: self.cleaned_data.get(field_name(one.pk)) for one in self.products}
        return {pk: units for pk, units in typed.items() if units}

    @property
    def delivery(self) -> Delivery:
        typed = self.cleaned_data
        return Delivery(
            typed.get("adresse"),
            typed.get("contact") or "",
            typed.get("telephone") or "",
            typed.get("commentaire") or "",
        )

    @property
    def token(self) -> UUID:
        return self.cleaned_data.get("jeton") or uuid4()

    def units_typed(self, product: Product) -> int:
        """What stands in the box, where it is a number: to draw packs and what would be left."""
        name = field_name(product.pk)
        if not self.is_bound:
            try:
                return parse_integer(self.get_initial_for_field(self.fields[name], name)) or 0
            except NumberError:
                return 0
        self.is_valid()
        return self.cleaned_data.get(name) or 0


class ReasonForm(forms.Form):
    motif = forms.CharField(label="Motif", max_length=300, required=False)


class StopForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi arrêter cette commande\u00a0?",
        help_text="Par exemple\u00a0: commande frauduleuse, établissement évacué, erreur de "
        "quantité. L’entrepôt lit ce motif.",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
    )


class RuleForm(forms.ModelForm):
    """The hours and delays of orders from a day on."""

    class Meta:
        model = OrderingRule
        fields = ("starts_on", "editable_until", "preparation_days")
        widgets = {
            "starts_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "editable_until": forms.TimeInput({"type": "time"}, format="%H:%M"),
        }

    def validate_unique(self) -> None:
        """The rule of a day already there is replaced."""
