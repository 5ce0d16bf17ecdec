"""The figures of the health pages, as they are shown."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince

from common.addresses import fixed_address
from common.charts.figure import Column, DataTable
from common.home import Figure
from common.numbers import format_integer
from config.administration import jobs, mails, storage
from config.administration.task_names import name_of_queue
from config.backups.last import LastBackup, last_backup
from journal.sealing.standing import Standing

STATES = {
    "ok": "en ordre",
    "late": "en retard",
    "missing": "incomplètes",
    "unreachable": "injoignable",
    "unknown": "inconnu",
}


def overview(state: dict[str, Any]) -> list[Figure]:
    """Four figures: the base, the jobs, the rounds, the mails."""
    queues, rounds, days = jobs.queues(), jobs.rounds(), mails.sent_by_day()
    failed = sum(one.failed for one in queues)
    late = [one for one in rounds if one.is_late]
    return [
        Figure(
            "Base de données",
            STATES[state["database"]].capitalize(),
            note=f"Migrations {STATES[state['migrations']]}.",
        ),
        Figure(
            "Travaux en échec",
            format_integer(failed),
            note=waiting_note(queues),
            url=fixed_address("administration:jobs"),
        ),
        Figure(
            "Tâches périodiques en retard",
            format_integer(len(late)),
            detail=f"sur {format_integer(len(rounds))}",
            note=f"{late[0].name}." if late else "Toutes sont passées à l’heure.",
            url=f"{fixed_address('administration:jobs')}#taches",
        ),
        Figure(
            "Courriels partis aujourd’hui",
            format_integer(days[-1][1]),
            note=failed_mails_note(),
            url=fixed_address("administration:mails"),
        ),
    ]


def waiting_note(queues: list[jobs.Queue]) -> str:
    """« 3 attendent, le plus ancien depuis 2 minutes. »"""
    waiting = sum(one.waiting for one in queues)
    since = jobs.waiting_since(queues)
    if not waiting or since is None:
        return "Aucun n’attend."
    verb = "attend" if waiting == 1 else "attendent"
    return f"{format_integer(waiting)} {verb}, le plus ancien depuis {age(since)}."


def age(at: datetime) -> str:
    return timesince(at, timezone.now(), depth=1)


def moment(at: datetime) -> str:
    """« 16/11/2026 à 9 h 05 »"""
    local = timezone.localtime(at)
    return f"{local:%d/%m/%Y} à {local.hour}\u00a0h\u00a0{local:%M}"


SINCE = ("En cours depuis", age, "inconnu")
NEXT_TRY = ("Prochain essai", moment, "dès que possible")


def failed_mails_note() -> str:
    count = sum(one.failed for one in mails.states())
    if not count:
        return "Aucun en échec."
    return f"{format_integer(count)} en échec."


def mails_by_day(days: list[tuple[date, int]]) -> DataTable:
    return DataTable(
        "courriels-partis",
        f"Courriels partis, {len(days)} derniers jours",
        [Column("Jour"), Column("Partis", is_number=True)],
        [[f"{day:%d/%m/%Y}", format_integer(count)] for day, count in reversed(days)],
    )


def mail_settings() -> list[tuple[str, str]]:
    """How mails leave, without any secret."""
    to_files = "filebased" in settings.EMAIL_BACKEND
    server = f"{settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
    return [
        ("Envoi", "dans un dossier de cette machine" if to_files else f"serveur {server}"),
        ("Chiffré", "oui" if settings.EMAIL_USE_TLS else "non"),
        ("Compte du serveur", "défini" if settings.EMAIL_HOST_USER else "aucun"),
        ("Expéditeur", settings.DEFAULT_FROM_EMAIL),
        ("Adresse de l’assistance", settings.CONTACT_EMAIL),
    ]


def queues_table(queues: list[jobs.Queue]) -> DataTable:
    columns = [
        Column("File"),
        Column("Attendent", is_number=True),
        Column("Le plus ancien"),
        Column("Prévus", is_number=True),
        Column("En cours", is_number=True),
        Column("En échec", is_number=True),
    ]
    rows = [
        [
            name_of_queue(one.name),
            format_integer(one.waiting),
            f"depuis {age(one.since)}" if one.since else "aucun",
            format_integer(one.later),
            format_integer(one.doing),
            format_integer(one.failed),
        ]
        for one in queues
    ]
    return DataTable("files", "Files de travaux", columns, rows)


def running_table(running: list[jobs.Job]) -> DataTable:
    return jobs_table("en-cours", "Travaux en cours", running, *SINCE)


def stalled_table(stalled: list[jobs.Job]) -> DataTable:
    return jobs_table("perdus", "Travaux dont le processus ne répond plus", stalled, *SINCE)


def retried_table(retried: list[jobs.Job]) -> DataTable:
    caption = "Travaux refusés une fois, qui seront réessayés"
    return jobs_table("a-reessayer", caption, retried, *NEXT_TRY)


def jobs_table(
    ident: str,
    caption: str,
    found: list[jobs.Job],
    label: str,
    when: Callable[[datetime], str],
    without: str,
) -> DataTable:
    """Each job without what it is about; the last column, ``label``, tells its moment."""
    columns = [
        Column("Travail"),
        Column("Numéro", is_number=True),
        Column("File"),
        Column("Essais manqués", is_number=True),
        Column(label),
    ]
    rows = [
        [
            one.name,
            str(one.number),
            name_of_queue(one.queue),
            format_integer(one.attempts),
            when(one.at) if one.at else without,
        ]
        for one in found
    ]
    return DataTable(ident, caption, columns, rows)


def rounds_table(ident: str, caption: str, rounds: list[jobs.Round]) -> DataTable:
    columns = [Column("Tâche"), Column("Dernier passage"), Column("Prochain")]
    rows = [
        [
            one.name,
            moment(one.last) if one.last else "jamais depuis l’installation",
            moment(one.next),
        ]
        for one in rounds
    ]
    return DataTable(ident, caption, columns, rows)


def states_table(states: list[mails.Mails]) -> DataTable:
    columns = [
        Column("Courriels"),
        Column("Attendent", is_number=True),
        Column("Essayés de nouveau", is_number=True),
        Column("En échec", is_number=True),
    ]
    rows = [
        [
            one.name,
            format_integer(one.waiting),
            format_integer(one.tried_again),
            format_integer(one.failed),
        ]
        for one in states
    ]
    return DataTable("courriels-etats", "Courriels dans la file", columns, rows)


def tables_table(tables: list[storage.Table]) -> DataTable:
    columns = [
        Column("Table"),
        Column("Taille, index compris", is_number=True),
        Column("Lignes, environ", is_number=True),
    ]
    rows = [[one.name, filesizeformat(one.size), format_integer(one.rows)] for one in tables]
    return DataTable("tables", "Les plus grandes tables", columns, rows)


def journal_table(standing: Standing) -> DataTable:
    """How far the journal is sealed; the digest is what the head kept elsewhere must say."""
    last = standing.last
    rows = [
        ["Scellement", "en retard" if standing.is_late else "à l’heure"],
        ["Dernier lot", f"{last.number}, le {moment(last.at)}" if last else "aucun"],
        ["Empreinte du dernier sceau", standing.digest or "aucune"],
        [
            "Entrées pas encore scellées",
            format_integer(standing.waiting)
            + (f", depuis {age(standing.since)}" if standing.since else ""),
        ],
        ["Lots purgés", f"jusqu’au {standing.purged}" if standing.purged else "aucun"],
    ]
    return DataTable("journal", "Journal scellé", [Column("Mesure"), Column("Valeur")], rows)


def backup_row(last: LastBackup | None, now: datetime) -> list[str]:
    """The last whole copy, and until when the changes since are safe."""
    if last is None:
        return ["Dernière sauvegarde", "inconnu", "Aucune sauvegarde ne s’est signalée."]
    since = (
        f"changements gardés jusqu’au {moment(last.log)}"
        if last.log
        else "sans les changements depuis"
    )
    late = "\u00a0: en retard, voyez le processus des sauvegardes" if last.is_late(now) else ""
    return [
        "Dernière sauvegarde",
        filesizeformat(last.size),
        f"{moment(last.full)}, {since}{late}",
    ]


def storage_table(
    database: storage.Database, disk: storage.Disk, folders: list[storage.Folder]
) -> DataTable:
    """The base, the disk, the folders, and the last backup."""
    columns = [Column("Ressource"), Column("Occupé"), Column("Précision")]
    oldest = f"{int(database.oldest.total_seconds())}\u00a0s" if database.oldest else "aucune"
    connections = f"{database.connections} connexions sur {database.most_connections}"
    rows = [
        [
            f"Base PostgreSQL {database.version}",
            filesizeformat(database.size),
            f"{connections}, transaction la plus ancienne\u00a0: {oldest}",
        ],
        [
            "Disque des données",
            filesizeformat(disk.total - disk.free),
            f"{filesizeformat(disk.free)} libres sur {filesizeformat(disk.total)}"
            + ("\u00a0: moins d’un dixième, libérez de la place" if disk.is_short else ""),
        ],
        *(
            [
                one.label,
                filesizeformat(one.size),
                f"{format_integer(one.files)} fichier{'s' if one.files > 1 else ''}",
            ]
            for one in folders
        ),
        backup_row(last_backup(), timezone.now()),
    ]
    return DataTable("ressources", "Base, disque et fichiers", columns, rows)
