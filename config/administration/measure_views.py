"""What the service measured of itself: where it is slow, what failed, what it promises."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.administration import measure_tables as tables
from establishments.access import allows
from establishments.perimeter import Action
from monitoring.faults import by_route, latest
from monitoring.objective import budget_since
from monitoring.reading import by_name
from monitoring.recorder import JOB, PAGE
from monitoring.statements import counted, sampled

PERIODS = {
    "1h": ("Dernière heure", timedelta(hours=1)),
    "24h": ("24 heures", timedelta(hours=24)),
    "7j": ("7 jours", timedelta(days=7)),
    "31j": ("31 jours", timedelta(days=31)),
}
USUAL = "24h"
SHOWN = 25


@allows(Action.SYS_CONF)
@require_safe
def slowness(request: HttpRequest) -> HttpResponse:
    """Each page and each job: how often, how long."""
    asked = request.GET.get("sur", USUAL)
    asked = asked if asked in PERIODS else USUAL
    since = timezone.now() - PERIODS[asked][1]
    pages, jobs = by_name(PAGE, since), by_name(JOB, since)
    context = {
        "heading": "Durées",
        "now": timezone.localtime(),
        "periods": [(key, label, key == asked) for key, (label, _) in PERIODS.items()],
        "pages": tables.pages_table(
            "pages", "Les pages qui prennent le plus de temps en tout", pages[:SHOWN]
        ),
        "others": tables.pages_table("autres-pages", "Les autres pages", pages[SHOWN:]),
        "jobs": tables.tasks_table(jobs),
    }
    return render(request, "administration/slowness.html", context)


@allows(Action.SYS_CONF)
@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """The statements that cost the most, without the values that they carried."""
    server = counted()
    context = {
        "heading": "Instructions lentes",
        "now": timezone.localtime(),
        "sampled": tables.sampled_table(sampled()),
        "counted": tables.counted_table(server or []),
        "is_counted": server is not None,
    }
    return render(request, "administration/statements.html", context)


@allows(Action.SYS_CONF)
@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """What is promised, what is left of it, and what failed, with the numbers people were given."""
    now = timezone.now()
    hour, month = budget_since(now - timedelta(hours=1)), budget_since(start_of_month())
    budgets = [
        ("Dernière heure", hour),
        ("24 heures", budget_since(now - timedelta(hours=24))),
        ("7 jours", budget_since(now - timedelta(days=7))),
        ("Ce mois-ci", month),
    ]
    context = {
        "heading": "Objectif et erreurs",
        "now": timezone.localtime(),
        "figures": tables.kept_figures(month, hour),
        "promise": tables.promise(),
        "budgets": tables.budgets_table(budgets),
        "routes": tables.routes_table(by_route(now - timedelta(days=31))),
        "faults": tables.faults_table(latest()),
    }
    return render(request, "administration/errors.html", context)


def start_of_month() -> datetime:
    """At midnight of the first, in Paris."""
    return timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
