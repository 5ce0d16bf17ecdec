"""The filters of a list of products: one form sent by GET, so that an address can be shared."""

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from common.forms import search_field
from establishments.models.search import SHORTEST, plain_words
from medications.models import MonitoredList, Monitoring, Priority, Product, Substance

ATC_SHAPE = re.compile(r"[A-Z][0-9A-Z]{0,6}")


class ListFilter(forms.Form):
    """Blank keeps everything; a value that is not offered is said, and the rest still applies."""

    recherche = search_field("Produit (code, mots du libellé ou DCI)")
    dci = forms.ModelChoiceField(
        Substance.objects.none(), label="DCI", required=False, empty_label="Toutes"
    )
    priorite = forms.TypedChoiceField(
        label="Priorité",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Toutes"), *Priority.choices],
    )
    atc = forms.CharField(label="Code ATC (début)", required=False, max_length=7)
    le = forms.DateField(
        label="Liste du", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, data: Any, *, monitored_list: MonitoredList):
        super().__init__(data)
        self.monitored_list = monitored_list
        if monitored_list.is_devices:
            self.fields["recherche"].label = "Dispositif (code ou mots du libellé)"
            for name in ("dci", "priorite", "atc"):
                del self.fields[name]
            return
        followed = Monitoring.objects.filter(monitored_list=monitored_list)
        self.fields["dci"].queryset = Substance.objects.filter(
            pk__in=followed.values("product__substance")
        )

    def clean_atc(self) -> str:
        text = self.cleaned_data["atc"].strip().upper()
        if text and not ATC_SHAPE.fullmatch(text):
            raise forms.ValidationError(
                "Un code ATC commence par une lettre et a sept caractères au plus, "
                "par exemple N01AX10."
            )
        return text

    def chosen(self, name: str) -> Any:
        """What was chosen and is valid, or None."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    @property
    def day(self) -> date:
        return self.chosen("le") or timezone.localdate()

    @property
    def is_too_short(self) -> bool:
        text = self.chosen("recherche")
        return bool(text) and sum(map(len, plain_words(text))) < SHORTEST

    def rows(self) -> QuerySet[Monitoring]:
        """What the list follows that day and that passes every filter."""
        rows = Monitoring.objects.of(self.monitored_list, self.day)
        rows = rows.select_related("product__substance", "product__reference")
        if text := self.chosen("recherche"):
            found = Product.objects.search(text)
            words = plain_words(text)
            by_substance = Q()
            for word in words:
                by_substance &= Q(product__substance__name__icontains=word)
            rows = rows.filter(Q(product__in=found) | (by_substance if words else Q(pk__in=[])))
        conditions = {
            "product__substance": self.chosen("dci"),
            "priority": self.chosen("priorite"),
            "product__atc__startswith": self.chosen("atc"),
        }
        return rows.filter(**{key: value for key, value in conditions.items() if value})
