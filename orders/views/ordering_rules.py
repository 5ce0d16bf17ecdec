"""The hours and delays of orders, as the national cell sets them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.models import OrderingRule
from orders.ordering.forms import RuleForm
from orders.services.ordering_rules import set_rule


@allows(Action.QUOTA_WRITE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def ordering_rules(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    current = OrderingRule.on(today)
    if request.method == "POST":
        form = RuleForm(request.POST)
        if form.is_valid():
            set_rule(by=request.user, rule=form.instance)
            messages.success(request, "La règle est enregistrée.")
            return redirect("orders:ordering_rules")
    else:
        initial = {
            "starts_on": today,
            "editable_until": current.editable_until,
            "preparation_days": current.preparation_days,
        }
        form = RuleForm(initial=initial)
    context = {"form": form, "rules": OrderingRule.objects.all(), "current": current}
    status = 422 if form.errors else 200
    return render(request, "orders/ordering/rules.html", context, status=status)
