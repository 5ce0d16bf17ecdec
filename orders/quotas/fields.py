"""Numbers of the forms of quotas, read by the one number parser."""

from decimal import Decimal
from typing import Any

from django import forms

from common.numbers import (
    MAXIMUM,
    NumberError,
    format_decimal,
    format_integer,
    parse_decimal,
    parse_integer,
)

WRITTEN = {"inputmode": "numeric", "autocomplete": "off"}


class UnitsField(forms.CharField):
    """A whole number as people write it, « 1 200 »."""

    def __init__(self, *, least: int = 0, most: int = MAXIMUM, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(max_length=14, widget=forms.TextInput(WRITTEN), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_integer(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            number = parse_integer(text, maximum=self.most)
        except NumberError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if number is not None and number < self.least:
            raise forms.ValidationError(f"Tapez {self.least} au moins.")
        return number


class FactorField(forms.CharField):
    """A decimal of two places; ``above_zero``: 0 would take everything from everybody."""

    def __init__(
        self, *, most: int | Decimal = Decimal("999.99"), above_zero: bool = True, **kwargs: Any
    ) -> None:
        self.most, self.above_zero = most, above_zero
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=12, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_decimal(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            number = parse_decimal(text, maximum=self.most)
        except NumberError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if number == 0 and self.above_zero:
            raise forms.ValidationError("Tapez un nombre plus grand que 0.")
        return number
