"""`/sante/`: can this instance serve? For a load balancer and for people, without a login.

It names four states and four figures, nothing that helps an attacker: no version, no host, no
error text. 200 when all is well, 503 when a person would suffer from it: late backups are a
« warning », for the operator; a balancer that sent people away for them would add a breakdown.
`/sante/?site` judges what this process needs to answer and nothing else: a late queue must not take
every web process away.
"""

from datetime import timedelta

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.tasks import MAIL
from common.bare_pages import bare_page
from config.administration import jobs
from config.backups.last import state_of_backups
from establishments.access import public

FOR_THE_SITE = ("database", "migrations")
FOR_PEOPLE = (*FOR_THE_SITE, "queue")
OLDEST_JOB_ALLOWED = timedelta(minutes=30)


@public
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    state = read_state()
    needed = FOR_THE_SITE if "site" in request.GET else FOR_PEOPLE
    is_well = all(state[name] == "ok" for name in needed)
    status = 200 if is_well else 503
    if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
        response = bare_page(request, "health.html", status=status, state=state, is_well=is_well)
    else:
        response = JsonResponse({"status": word_of(state, is_well)} | state, status=status)
    response["Cache-Control"] = "no-store"
    return response


def word_of(state: dict, is_well: bool) -> str:
    if not is_well:
        return "degraded"
    return "warning" if state["backup"] == "late" else "ok"


def read_state() -> dict:
    """Ask the database, its migrations and its queue; what cannot be asked is « unknown »."""
    state = {
        "database": "unreachable",
        "migrations": "unknown",
        "queue": "unknown",
        "oldest_job_seconds": None,
        "failed_jobs": None,
        "failed_mails": None,
    }
    try:
        connection.ensure_connection()
        state["database"] = "ok"
        state["migrations"] = "ok" if migrations_are_applied() else "missing"
        state |= read_queue()
    except Error:
        pass
    return state | state_of_backups()


def migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def read_queue() -> dict:
    """Jobs that wait for more than half an hour mean that no worker runs."""
    queues = jobs.queues()
    since = jobs.waiting_since(queues)
    waited = timezone.now() - since if since else timedelta()
    return {
        "queue": "late" if waited > OLDEST_JOB_ALLOWED else "ok",
        "oldest_job_seconds": max(0, int(waited.total_seconds())),
        "failed_jobs": sum(one.failed for one in queues),
        "failed_mails": sum(one.failed for one in queues if one.name == MAIL),
    }
