"""What no page sets: the public holidays, computed, and the delays, with what changes them."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings

from accounts.services import account, tokens
from common.charts.figure import Column, DataTable
from common.numbers import format_integer
from common.working_days import holidays_of
from config.administration.jobs import FORGOTTEN_AFTER_DAYS
from epi_stocks.transfer import keeping
from establishments.redistribution.held import KEPT_DAYS, SERVED_DAYS
from pui.transfer import jobs

SOFTWARE = "le logiciel"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
Line = tuple[str, str, str]


def tables(today: date) -> list[DataTable]:
    return [
        rules_table("conservation", "Durées de conservation", kept()),
        rules_table("delais", "Délais et réserves", delays()),
        holidays_table(today.year),
    ]


def holidays_table(year: int) -> DataTable:
    """Those of this year and of the next."""
    rows = [
        [f"{day:%d/%m/%Y}", WEEKDAYS[day.weekday()], name]
        for one in (year, year + 1)
        for day, name in holidays_of(one)
    ]
    columns = [Column("Date"), Column("Jour"), Column("Jour férié")]
    return DataTable("feries", f"Jours fériés de {year} et {year + 1}", columns, rows)


def rules_table(ident: str, caption: str, lines: Sequence[Line]) -> DataTable:
    columns = [Column("Règle"), Column("Valeur"), Column("Fixée par")]
    return DataTable(ident, caption, columns, [list(line) for line in lines])


def kept() -> list[Line]:
    return [
        ("Comptes fermés, avant anonymisation", days(account.KEPT), SOFTWARE),
        (
            "Demandes d’assistance closes",
            f"{settings.SUPPORT_KEPT_MONTHS}\u00a0mois",
            variable("SUPPORT_KEPT_MONTHS"),
        ),
        (
            "Journal des actions",
            f"{settings.JOURNAL_KEPT_MONTHS}\u00a0mois",
            variable("JOURNAL_KEPT_MONTHS"),
        ),
        (
            "Relevés quotidiens des stocks",
            f"{settings.SNAPSHOT_DAYS}\u00a0jours",
            variable("SNAPSHOT_DAYS"),
        ),
        ("Fichiers de stocks que personne n’a confirmés", days(jobs.KEPT_FOR), SOFTWARE),
        ("Fichiers d’inventaire suivis", days(keeping.FOLLOWED_KEPT_FOR), SOFTWARE),
        ("Travaux terminés ou en échec", f"{FORGOTTEN_AFTER_DAYS}\u00a0jours", SOFTWARE),
    ]


def delays() -> list[Line]:
    return [
        (
            "Session, au plus",
            f"{format_integer(settings.SESSION_COOKIE_AGE // 3600)}\u00a0heures",
            SOFTWARE,
        ),
        ("Jeton d’API, au plus", days(tokens.LONGEST_LIFE), SOFTWARE),
        (
            "Fichiers de commandes écrits toutes les",
            f"{settings.ORDER_FILE_MINUTES}\u00a0minutes",
            variable("ORDER_FILE_MINUTES"),
        ),
        ("Entraide\u00a0: réserve que le donneur garde", f"{KEPT_DAYS}\u00a0jours", SOFTWARE),
        (
            "Entraide\u00a0: encore utilisable après le jour voulu",
            f"{SERVED_DAYS}\u00a0jours",
            SOFTWARE,
        ),
    ]


def days(lasting: timedelta) -> str:
    return f"{format_integer(lasting.days)}\u00a0jour{'s' if lasting.days > 1 else ''}"


def variable(name: str) -> str:
    return f"l’hébergeur, variable {name}"
