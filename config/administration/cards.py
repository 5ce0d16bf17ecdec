"""What the administration brings to the home page: its entry in the menu, what is not well."""

from collections.abc import Iterator

from django.utils import timezone

from accounts.models import User
from common.addresses import fixed_address
from common.home import Card, Kind, MenuItem
from common.numbers import format_integer
from config.administration import jobs
from config.administration.pages import ACTIONS
from config.backups.last import last_backup
from establishments.perimeter import Action

ORDER = 75


def menu(user: User) -> list[MenuItem]:
    if not any(user.may(action) for action in ACTIONS):
        return []
    return [MenuItem("Administration", fixed_address("administration:hub"), order=ORDER)]


def cards(user: User) -> list[Card]:
    """For the operator: backups too old, rounds that did not come, jobs in failure."""
    if not user.may(Action.SYS_CONF):
        return []
    return [*late_backup(), *late_rounds(), *failed_jobs()]


def late_backup() -> Iterator[Card]:
    last = last_backup()
    if last and last.is_late(timezone.now()):
        yield Card(
            Kind.LATE,
            "Sauvegardes en retard",
            detail="La dernière est trop ancienne. Le processus des sauvegardes est-il en "
            "marche\u00a0?",
            action_label="Voir la santé du service",
            url=fixed_address("administration:health"),
            order=ORDER - 1,
        )


def late_rounds() -> Iterator[Card]:
    late = [one for one in jobs.rounds() if one.is_late]
    if late:
        yield Card(
            Kind.LATE,
            told(len(late), "tâche périodique en retard", "tâches périodiques en retard"),
            detail=f"{late[0].name}. Le processus de tâches est-il en marche\u00a0?",
            action_label="Voir les tâches",
            url=f"{fixed_address('administration:jobs')}#taches",
            order=ORDER,
        )


def failed_jobs() -> Iterator[Card]:
    failed = sum(count for _, _, count in jobs.failed_tasks())
    if failed:
        yield Card(
            Kind.DECIDE,
            told(failed, "travail en échec", "travaux en échec"),
            detail="À relancer, ou à classer une fois la cause connue.",
            action_label="Voir les travaux",
            url=fixed_address("administration:jobs"),
            order=ORDER + 1,
        )


def told(count: int, one: str, many: str) -> str:
    return f"{format_integer(count)} {many if count > 1 else one}"
