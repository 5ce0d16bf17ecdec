"""The pages of the administration: where everything is set, and whether the service is well."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.addresses import fixed_address
from common.numbers import format_integer
from config.administration import acts, figures, fixed, storage
from config.administration import jobs as queue
from config.administration import mails as post
from config.administration.changes import subjects_for
from config.administration.measure_tables import objective_figure
from config.administration.measure_views import start_of_month
from config.administration.pages import ACTIONS, RULED
from config.health import read_state
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from journal.sealing.standing import standing
from monitoring.objective import budget_since

LATE, ON_TIME = "Tâches périodiques en retard", "Tâches périodiques à l’heure"
MOST_LATE = 8
ONE = {"relancer": (acts.retry_job, "Relancé"), "classer": (acts.dismiss, "Classé")}
ALL = {
    "relancer-tout": (acts.retry_all, "relancé", "Relancer"),
    "classer-tout": (acts.dismiss_all, "classé", "Classer"),
}


@allows(*ACTIONS)
@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """What this person sets, by subject, and who changed it last."""
    context = {"subjects": subjects_for(request.user)}
    return render(request, "administration/hub.html", context)


@allows(*RULED)
@require_safe
def fixed_rules(request: HttpRequest) -> HttpResponse:
    """What no page sets: the holidays, computed, and the delays, with what changes them."""
    context = {"tables": fixed.tables(timezone.localdate())}
    return render(request, "administration/fixed.html", context)


@allows(Action.SYS_CONF)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The whole service on one page, each figure leading to its own."""
    context = {
        "heading": "Santé du service",
        "now": timezone.localtime(),
        "figures": [
            *figures.overview(read_state()),
            objective_figure(budget_since(start_of_month())),
        ],
        "resources": figures.storage_table(storage.database(), storage.disk(), storage.folders()),
        "journal": figures.journal_table(standing()),
        "tables": figures.tables_table(storage.tables()),
    }
    return render(request, "administration/health.html", context)


@allows(Action.SYS_CONF)
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """What waits, what runs, what failed, what comes back."""
    task, page = request.GET.get("tache", ""), page_of(request)
    found, rounds = queue.failed(task, page), queue.rounds()
    context = {
        "heading": "Travaux",
        "now": timezone.localtime(),
        "queues": figures.queues_table(queue.queues()),
        "running": figures.running_table(queue.running()),
        "workers": queue.workers(),
        "stalled": figures.stalled_table(queue.stalled()),
        "retried": figures.retried_table(queue.retried()),
        **rounds_context(rounds),
        "tasks": queue.failed_tasks(),
        "task": task,
        "failed": found[: queue.FAILED_PER_PAGE],
        "page": page,
        "has_next": len(found) > queue.FAILED_PER_PAGE,
        "periodic": queue.periodic_names(),
        "kept_days": queue.FORGOTTEN_AFTER_DAYS,
    }
    return render(request, "administration/jobs.html", context)


def rounds_context(rounds: Sequence[queue.Round]) -> dict[str, Any]:
    """The first that are late, the others, those on time: a worker that stops delays all."""
    late = [one for one in rounds if one.is_late]
    on_time = [one for one in rounds if not one.is_late]
    cut = MOST_LATE if len(late) > MOST_LATE + 1 else len(late)
    return {
        "late": figures.rounds_table("en-retard", LATE, late[:cut]),
        "late_more": figures.rounds_table("en-retard-suite", LATE, late[cut:]),
        "all_are_late": bool(late) and not on_time,
        "on_time": figures.rounds_table("a-l-heure", ON_TIME, on_time),
    }


def page_of(request: HttpRequest) -> int:
    """The number of the page asked for; the first one for anything else."""
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


@as_shown
@allows(Action.SYS_CONF)
@require_POST
def act_on_jobs(request: HttpRequest) -> HttpResponse:
    """Class one failure; start it again, or act on all those of a task, once it was read."""
    verb = request.POST.get("geste", "")
    if verb in CONFIRM and request.POST.get("confirmer") != "oui":
        return CONFIRM[verb](request, verb)
    try:
        messages.success(request, done(request, verb))
    except acts.JobError as refusal:
        messages.error(request, str(refusal))
    return redirect("administration:jobs")


def done(request: HttpRequest, verb: str) -> str:
    """Do what was asked, and say it."""
    if verb in ONE:
        act, word = ONE[verb]
        return f"{word}\u00a0: {act(by=request.user, number=number_in(request))}."
    if verb in ALL:
        act_on_all, past, _ = ALL[verb]
        count = act_on_all(by=request.user, task=request.POST.get("tache", ""))
        return f"{format_integer(count)} travaux {past}s." if count > 1 else f"Un travail {past}."
    raise SuspiciousOperation("geste inconnu")


def number_in(request: HttpRequest) -> int:
    asked = request.POST.get("numero", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise SuspiciousOperation("numéro inconnu")
    return int(asked)


def confirm_all(request: HttpRequest, verb: str) -> HttpResponse:
    """Read how many before acting on all."""
    task = request.POST.get("tache", "")
    counts = {name: (words, count) for name, words, count in queue.failed_tasks()}
    if task not in counts:
        messages.error(request, "Plus aucun de ces travaux n’est en échec.")
        return redirect("administration:jobs")
    words, count = counts[task]
    title = f"{ALL[verb][2]} {format_integer(count)} échec{'s' if count > 1 else ''}"
    context = {
        "heading": title,
        "title": title,
        "text": f"{words}\u00a0: {format_integer(count)} en échec.",
        "action_url": fixed_address("administration:jobs_act"),
        "action_label": ALL[verb][2],
        "cancel_url": fixed_address("administration:jobs"),
        "hidden": [("geste", verb), ("tache", task), ("confirmer", "oui")],
    }
    return render(request, "administration/confirm.html", context)


def confirm_one(request: HttpRequest, verb: str) -> HttpResponse:
    """Read which one, and what starting it again does."""
    number = number_in(request)
    job = queue.one_failed(number)
    if job is None:
        messages.error(request, acts.GONE)
        return redirect("administration:jobs")
    title = f"Relancer le travail {number}"
    context = {
        "heading": title,
        "title": title,
        "text": f"{job.name}\u00a0: en échec après {format_integer(job.attempts)} essais. "
        "Il reprend sa place dans la file et passe dès qu’un processus de tâches est libre.",
        "action_url": fixed_address("administration:jobs_act"),
        "action_label": "Relancer",
        "cancel_url": fixed_address("administration:jobs"),
        "hidden": [("geste", verb), ("numero", str(number)), ("confirmer", "oui")],
    }
    return render(request, "administration/confirm.html", context)


CONFIRM = {"relancer": confirm_one, "relancer-tout": confirm_all, "classer-tout": confirm_all}


@as_shown
@allows(Action.SYS_CONF)
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest) -> HttpResponse:
    """What left, what could not; a POST sends a trial to oneself."""
    if request.method == "POST":
        address = acts.send_trial(by=request.user)
        messages.success(request, f"Un courriel d’essai attend de partir vers {address}.")
        return redirect("administration:mails")
    days = post.sent_by_day()
    context = {
        "heading": "Courriels",
        "now": timezone.localtime(),
        "states": figures.states_table(post.states()),
        "days": figures.mails_by_day(days),
        "settings": figures.mail_settings(),
    }
    return render(request, "administration/mails.html", context)
