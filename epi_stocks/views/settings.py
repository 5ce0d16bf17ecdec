"""What the national cell decides, each with the week from which it holds."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from common.cover import DEFAULT_THRESHOLDS
from common.weeks import current_week
from epi_stocks.calendar import WEEKDAYS
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import DeclarationRule, EpiItem, ExpectedCategory, TensionThreshold
from epi_stocks.services.settings import (
    SettingsError,
    expect_category,
    set_calendar,
    set_thresholds,
    switch_item,
)
from epi_stocks.settings_forms import CalendarForm, CategoryForm, ItemForm, ThresholdForm
from epi_stocks.views.inventory_context import trail
from establishments.access import allows
from establishments.perimeter import Action

FORMS = {
    "equipement": (ItemForm, switch_item, "L’équipement est réglé."),
    "seuils": (ThresholdForm, set_thresholds, "Les seuils sont enregistrés."),
    "categorie": (CategoryForm, expect_category, "Le périmètre est enregistré."),
    "calendrier": (CalendarForm, set_calendar, "Le calendrier est enregistré."),
}


@allows(Action.EPI_SETTINGS)
def epi_settings(request: HttpRequest) -> HttpResponse:
    """One form a subject; a form refused comes back with its reason, the others as they were."""
    week = current_week()
    asked = request.POST.get("reglage", "")
    if request.method == "POST" and asked not in FORMS:
        raise SuspiciousOperation("réglage inconnu")
    context = {"week": week, "above": trail()} | tables(week)
    forms = {
        name: form(
            request.POST if name == asked else None,
            week=week,
            prefix=name,
            initial=initial_of(context).get(name),
        )
        for name, (form, _service, _sentence) in FORMS.items()
    }
    if asked and forms[asked].is_valid():
        _form, service, sentence = FORMS[asked]
        if saved(request, service, forms[asked]):
            messages.success(request, sentence)
            return redirect("epi_stocks:settings")
    status = 422 if asked else 200
    context["forms"] = forms
    return render(request, "epi_stocks/settings.html", context, status=status)


def initial_of(context: dict) -> dict[str, dict]:
    """Forms open on what is in force: one changes what must change."""
    rule = context["rule"]
    fields = ("expected_weekday", "expected_time", "closes_after_days")
    return {
        "seuils": context["default_days"]._asdict(),
        "calendrier": {name: getattr(rule, name) for name in fields} if rule else {},
    }


def saved(request: HttpRequest, service: Callable, form) -> bool:
    try:
        service(by=request.user, **form.cleaned_data)
    except SettingsError as error:
        form.add_error(None, str(error))
        return False
    return True


def tables(week) -> dict:
    """What is in force this week, and what is announced."""
    days, rule = thresholds_on(week), DeclarationRule.objects.for_week(week)
    items = EpiItem.objects.top().order_by("rank")
    expected = ExpectedCategory.objects.in_force(week)
    return {
        "default_days": days.get(None, DEFAULT_THRESHOLDS),
        "items": [
            (item, days.get(item.pk) or days.get(None, DEFAULT_THRESHOLDS)) for item in items
        ],
        "coming": TensionThreshold.objects.filter(starts_on__gt=week).select_related("item"),
        "categories": expected.select_related("category").order_by("category"),
        "rule": rule,
        "expected_at": f"{rule.expected_time.hour} h {rule.expected_time:%M}" if rule else "",
        "weekday": WEEKDAYS[rule.expected_weekday] if rule else "",
    }
