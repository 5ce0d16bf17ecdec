"""What the operator of the platform reads on the home page: the jobs, the mails, the queue."""

from accounts.models import User
from common.addresses import fixed_address
from common.home import Figure
from common.numbers import format_integer
from config.health import read_queue
from establishments.perimeter import Action

MINUTE = 60
# someone awaits a code: past this they notice, long before `/sante/` answers 503
SLOW_MINUTES = 10


def operation_figures(user: User) -> list[Figure]:
    """As `/sante/` tells them, in one statement."""
    if not user.may(Action.SYS_CONF):
        return []
    state = read_queue()
    jobs, mails = fixed_address("administration:jobs"), fixed_address("administration:mails")
    waiting = state["oldest_job_seconds"] // MINUTE
    return [
        Figure(
            "File d’attente",
            pace(state["queue"] == "ok", waiting),
            note=f"Le travail le plus ancien attend depuis {format_integer(waiting)} min.",
            url=jobs,
        ),
        Figure(
            "Travaux en échec",
            format_integer(state["failed_jobs"]),
            note="Ils ne repartent pas d’eux-mêmes." if state["failed_jobs"] else "Aucun.",
            url=jobs,
        ),
        Figure(
            "Courriels non partis",
            format_integer(state["failed_mails"]),
            note="Leurs destinataires n’ont rien reçu." if state["failed_mails"] else "Aucun.",
            url=mails,
        ),
    ]


def pace(is_ok: bool, minutes: int) -> str:
    """« À l’heure », « Ralentie » after ten minutes, « En retard » when ``/sante/`` says so."""
    if not is_ok:
        return "En retard"
    return "Ralentie" if minutes >= SLOW_MINUTES else "À l’heure"
