"""The questions that one writes, a theme at a time: all of them would be ten screens long."""

from typing import Any

from django import forms
from django.db.models import QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse

from common.forms import search_field
from establishments.models.directory import Plain
from establishments.models.search import plain_words
from support.models import Question, Theme

EVERY = "tous"
SHOWN, TAKEN_OFF = "publiees", "retirees"


class WrittenFilter(forms.Form):
    """With nothing asked, the first theme that has a question."""

    theme = forms.ChoiceField(label="Thème", required=False)
    recherche = search_field("Mots de la question")
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Toutes"), (SHOWN, "Publiées"), (TAKEN_OFF, "Retirées")],
    )

    def __init__(self, data: QueryDict, held: list[str]) -> None:
        data = data.copy()
        if not data.get("theme"):
            data["theme"] = EVERY if data.get("recherche") or data.get("etat") else first_of(held)
        super().__init__(data)
        fields: Any = self.fields
        themes = [(one.value, one.label) for one in Theme if one in held]
        fields["theme"].choices = [(EVERY, "Tous les thèmes"), *themes]
        self.is_valid()

    @property
    def is_cut(self) -> bool:
        """Some of a theme are left out: one does not say what comes before what."""
        return bool(self.cleaned_data.get("recherche") or self.cleaned_data.get("etat"))

    def rows(self) -> QuerySet[Question]:
        chosen = self.cleaned_data
        rows = Question.objects.select_related("updated_by").defer("answer", "words")
        if chosen.get("theme") in Theme.values:
            rows = rows.filter(theme=chosen["theme"])
        if chosen.get("etat"):
            rows = rows.filter(is_published=chosen["etat"] == SHOWN)
        for word in plain_words(chosen.get("recherche", "")):
            rows = rows.alias(plain=Plain("question")).filter(plain__contains=word)
        counted = rows.annotate(useful=Sum("opinions__useful"), useless=Sum("opinions__useless"))
        return counted.order_by("rank", "pk")


def themes_held() -> list[str]:
    return list(Question.objects.order_by().values_list("theme", flat=True).distinct())


def first_of(held: list[str]) -> str:
    return next((one.value for one in Theme if one in held), EVERY)


def written_address(question: Question | None = None) -> str:
    """The list, where this question is."""
    address = reverse("support:questions_written")
    return f"{address}?theme={question.theme}#question-{question.pk}" if question else address
