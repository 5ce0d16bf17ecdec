"""Which indicators are shown: words of what they say, and a part of the registry."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.forms import search_field
from common.indicators import Domain, Indicator
from establishments.models.search import plain_words


class IndicatorFilter(forms.Form):
    """Blank keeps all; a domain that does not exist narrows nothing."""

    recherche = search_field("Mots de l’indicateur", autocomplete="off")
    domaine = forms.ChoiceField(
        label="Domaine", required=False, choices=[("", "Tous"), *Domain.choices]
    )

    def narrowed(self, indicators: Sequence[Indicator]) -> list[Indicator]:
        self.full_clean()
        words = plain_words(self.cleaned_data.get("recherche", ""))
        domain = self.cleaned_data.get("domaine", "")
        return [
            one
            for one in indicators
            if (not domain or one.domain == domain) and all(word in haystack(one) for word in words)
        ]


def haystack(one: Indicator) -> str:
    """What words are looked for in, without accents nor capitals."""
    told: tuple[Any, ...] = (one.label, one.definition, one.formula, one.slug, one.unit)
    return " ".join(plain_words(" ".join(map(str, told))))
