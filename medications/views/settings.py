"""The lists as the national cell sets them: where each stands, what is announced."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from establishments.access import allows, as_shown
from establishments.models.search import SHORTEST, plain_words
from establishments.perimeter import Action
from medications.announced import announced_changes
from medications.calendar import calendars_of
from medications.decisions.forms import DescribeForm
from medications.decisions.overview import followed_counts
from medications.models import MonitoredList, Product
from medications.sentences import due_sentence, rhythm_sentence
from medications.services.describing import describe_product
from medications.services.settings import KINDS, SettingsError

MOST_FOUND = 20
TITLE = "Réglage des listes"


def trail() -> list[tuple[str, str]]:
    return [(TITLE, reverse("medications:settings"))]


@allows(Action.MED_SETTINGS)
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """One line a list: how many products, how often, until when."""
    today, now = timezone.localdate(), timezone.now()
    lists = list(MonitoredList.objects.all())
    calendars = calendars_of(lists)
    counts = followed_counts(today)
    lines = [
        {
            "list": one,
            "counts": counts.get(one.pk, {}),
            "rhythm": rhythm_sentence(calendars[one.pk].rule_on(today)),
            "next_due": due_sentence(calendars[one.pk].expected(now)),
            "announced": announced_changes(one, today),
        }
        for one in lists
    ]
    return render(request, "medications/settings.html", {"title": TITLE, "lines": lines})


@allows(Action.MED_SETTINGS)
@require_safe
def choose_product(request: HttpRequest, slug: str) -> HttpResponse:
    """Find the product that a list should follow, among those of its kind that none follows."""
    monitored_list = get_object_or_404(MonitoredList, slug=slug)
    text = request.GET.get("recherche", "").strip()
    is_long_enough = sum(map(len, plain_words(text))) >= SHORTEST
    rows = Product.objects.filter(kind=KINDS[MonitoredList.Slug(slug)], withdrawn_on__isnull=True)
    rows = rows.search(text).order_by("sort_label", "code") if is_long_enough else rows.none()
    free = rows.not_followed_from(timezone.localdate())
    found = list(free[: MOST_FOUND + 1])
    context = {
        "monitored_list": monitored_list,
        "above": trail(),
        "text": text,
        "found": found[:MOST_FOUND],
        "has_more": len(found) > MOST_FOUND,
        "is_too_short": bool(text) and not is_long_enough,
        "followed": list(rows.exclude(pk__in=free.values("pk"))[:MOST_FOUND]) if text else [],
    }
    return render(request, "medications/choose_product.html", context)


@as_shown
@allows(Action.MED_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_product(request: HttpRequest, slug: str) -> HttpResponse:
    """Describe a product that no table holds; then it is followed, from a day on."""
    monitored_list = get_object_or_404(MonitoredList, slug=slug)
    is_device = slug == MonitoredList.Slug.DEVICES
    form = DescribeForm(request.POST or None, is_device=is_device)
    if request.method == "POST" and form.is_valid():
        try:
            product = describe_product(
                by=request.user, monitored_list=monitored_list, **form.cleaned_data
            )
        except SettingsError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"Le produit est décrit sous le code {product.code}\u00a0: dites maintenant "
                "à partir de quand la liste le suit.",
            )
            return redirect("medications:settings_follow", slug, product.code)
    context = {"monitored_list": monitored_list, "form": form, "above": trail()}
    status = 422 if request.method == "POST" else 200
    return render(request, "medications/new_product.html", context, status=status)
