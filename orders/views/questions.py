"""The questions that everybody asks, answered without logging in [003]; who is served, today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doctor import Facts
from common.french import alphabetical
from establishments.access import public
from establishments.models import EstablishmentCategory, Region
from establishments.rules import beneficiary_categories
from orders.eligibility import mailboxes_known
from orders.rules import served_regions


@public
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    served, mailboxes = served_regions(today), mailboxes_known(Facts([]))
    regions = sorted(Region.objects.all(), key=alphabetical)
    context = {
        "categories": EstablishmentCategory.objects.filter(pk__in=beneficiary_categories(today)),
        "served": [(one, mailboxes.get(one.pk, "")) for one in regions if one.pk in served],
        "away": [one for one in regions if one.pk not in served],
    }
    return render(request, "orders/start/questions.html", context)
