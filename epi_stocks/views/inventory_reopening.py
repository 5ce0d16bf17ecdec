"""Reopening a closed week: the ARS or the national cell, until a date, with a reason."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from common.weeks import PARIS
from epi_stocks.grid import load_grid
from epi_stocks.services.reopening import LONGEST, ReopeningError, end_reopening, reopen_week
from epi_stocks.views.inventory_context import trail
from establishments.access import allows
from establishments.models import Establishment
from establishments.perimeter import Action

SUGGESTED = timedelta(days=3)


class ReopeningForm(forms.Form):
    """Until which evening, and why."""

    last_day = forms.DateField(
        label="Dernier jour pour saisir",
        help_text="Jour compris, 31 jours au plus.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label="Motif",
        help_text="Conservé au journal et montré à l’établissement.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_last_day(self) -> date:
        """A day too far has no following one; the service judges to the minute."""
        day: date = self.cleaned_data["last_day"]
        if day > timezone.localdate() + LONGEST:
            raise forms.ValidationError("La réouverture doit finir dans les 31 jours.")
        return day

    def until(self) -> datetime:
        """The midnight, in Paris, that ends the last day."""
        following = self.cleaned_data["last_day"] + timedelta(days=1)
        return datetime.combine(following, time(0), tzinfo=PARIS)


@allows(Action.EPI_REOPEN)
def inventory_reopen(request: HttpRequest, finess: str, week: date) -> HttpResponse:
    grid = load_grid(request.user, finess, week)
    establishment = Establishment.objects.get(pk=grid.establishment_id)
    place = {"by": request.user, "establishment": establishment, "week": week}
    if request.method == "POST" and "clore" in request.POST:
        return close_again(request, finess, place)
    suggested = timezone.localdate() + SUGGESTED
    form = ReopeningForm(request.POST or None, initial={"last_day": suggested})
    if request.method == "POST" and form.is_valid():
        try:
            reopen_week(reason=form.cleaned_data["reason"], until=form.until(), **place)
        except ReopeningError as error:
            form.add_error(None, str(error))
        else:
            last_day = form.cleaned_data["last_day"]
            sentence = f"Semaine rouverte à {grid.name} jusqu’au {last_day:%d/%m/%Y} inclus."
            messages.success(request, sentence)
            return redirect("epi_stocks:inventory", finess=finess, week=week)
    context = {"grid": grid, "form": form, "above": trail(grid)}
    status = 422 if form.errors else 200
    return render(request, "epi_stocks/inventory_reopen.html", context, status=status)


def close_again(request: HttpRequest, finess: str, place: dict) -> HttpResponse:
    try:
        if end_reopening(**place):
            messages.success(request, "La semaine est de nouveau close.")
    except ReopeningError as error:
        messages.error(request, str(error))
    return redirect("epi_stocks:inventory", finess=finess, week=place["week"])
