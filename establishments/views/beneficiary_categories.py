"""The categories that may order from the State stock: their list, and each change in two steps."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from common.decisions import DecisionView, Preview
from common.forms import day_field
from common.numbers import format_integer
from establishments.access import allows, as_shown
from establishments.models import BeneficiaryCategory, Establishment, EstablishmentCategory
from establishments.perimeter import Action
from establishments.services.beneficiary_categories import (
    CategoryError,
    close_category,
    establishments_of,
    open_category,
)

LIST = "Catégories bénéficiaires"
NOTHING_ELSE = "Les commandes déjà transmises ne changent pas."
AT_NIGHT = "La liste des bénéficiaires suit dans la nuit, ou dès qu’on la met à jour."


@allows(Action.REF_WRITE)
@require_safe
def beneficiary_categories(request: HttpRequest) -> HttpResponse:
    """Each span, with how many open establishments it is about."""
    today = timezone.localdate()
    rows = list(BeneficiaryCategory.objects.select_related("category").order_by("category"))
    counts = open_establishments([row.category_id for row in rows])
    lines = [
        {"row": row, "count": counts.get(row.category_id, 0), "state": state_of(row, today)}
        for row in rows
    ]
    context = {
        "title": LIST,
        "lines": lines,
        "in_force": sum(line["state"] == "en vigueur" for line in lines),
    }
    return render(request, "establishments/beneficiary_categories.html", context)


def open_establishments(categories: list[str]) -> dict[str, int]:
    found = Establishment.objects.open().filter(category__in=categories).order_by("category")
    return dict(found.values_list("category").annotate(count=Count("pk")))


def state_of(row: BeneficiaryCategory, today: date) -> str:
    if row.starts_on > today:
        return "à venir"
    return "terminée" if row.ends_on and row.ends_on < today else "en vigueur"


class OpenForm(forms.Form):
    category = forms.ModelChoiceField(
        EstablishmentCategory.objects.none(),
        label="Catégorie FINESS",
        empty_label="Choisissez une catégorie",
    )
    starts_on = day_field("À partir du", "Aujourd’hui, ou un jour à venir.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        standing = BeneficiaryCategory.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today))
        others = EstablishmentCategory.objects.exclude(pk__in=standing.values("category"))
        self.fields["category"].queryset = others.order_by("code")  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    from_day = day_field("Ne peut plus commander à partir du", "Aujourd’hui, ou un jour à venir.")


class CategoryDecision(DecisionView):
    template_name = "establishments/beneficiary_category.html"
    refusals = (CategoryError,)
    changes = ()

    def back(self) -> str:
        return reverse("establishments:beneficiary_categories")

    def above(self) -> list[tuple[str, str]]:
        return [(LIST, self.back())]


@method_decorator([as_shown, allows(Action.REF_WRITE)], name="dispatch")
class OpenCategory(CategoryDecision):
    form_class = OpenForm
    title = "Ouvrir la commande à une catégorie"
    action = "Ouvrir la commande"
    done = "La catégorie peut commander à la date choisie."

    def take(self, form: forms.Form, seen: str | None = None) -> None:
        open_category(by=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]

    def preview(self, form: forms.Form) -> Preview:
        category, day = form.cleaned_data["category"], form.cleaned_data["starts_on"]
        return Preview(
            title=f"«\u00a0{category}\u00a0», à partir du {day:%d/%m/%Y}",
            sentences=[
                f"{format_integer(establishments_of(category))} établissements ouverts sont de "
                "cette catégorie.",
                "Ils pourront commander si leur région est servie par le stock de l’État.",
                AT_NIGHT,
            ],
        )


@method_decorator([as_shown, allows(Action.REF_WRITE)], name="dispatch")
class CloseCategory(CategoryDecision):
    form_class = CloseForm
    action = "Fermer la commande"
    done = "La catégorie ne pourra plus commander à la date choisie."
    category: EstablishmentCategory

    def find(self, code: str) -> None:  # type: ignore[override]
        spans = BeneficiaryCategory.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
        )
        categories = EstablishmentCategory.objects.filter(pk__in=spans.values("category"))
        self.category = get_object_or_404(categories, pk=code)
        self.title = f"Fermer la commande\u00a0: {self.category}"

    def take(self, form: forms.Form, seen: str | None = None) -> None:
        close_category(by=self.request.user, category=self.category, **form.cleaned_data)  # type: ignore[arg-type]

    def preview(self, form: forms.Form) -> Preview:
        day = form.cleaned_data["from_day"]
        return Preview(
            title=f"«\u00a0{self.category}\u00a0», à partir du {day:%d/%m/%Y}",
            sentences=[NOTHING_ELSE, AT_NIGHT],
            warnings=[
                f"{format_integer(establishments_of(self.category))} établissements ouverts ne "
                "pourront plus commander sur le stock de l’État."
            ],
        )
