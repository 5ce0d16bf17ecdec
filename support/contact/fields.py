"""The fields that several forms of assistance share."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from common.french import alphabetical
from establishments.models import Region


class InDictionaryOrder(ModelChoiceIterator):  # type: ignore[type-arg]
    """None first, then the rows as a dictionary orders them."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield "", str(self.field.empty_label)
        for one in sorted(self.queryset, key=alphabetical):
            yield one.pk, str(one)


class RegionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A region, or none."""

    iterator = InDictionaryOrder

    def __init__(self, *, label: str, empty_label: str) -> None:
        rows = Region.objects.all()
        super().__init__(rows, label=label, empty_label=empty_label, required=False)
