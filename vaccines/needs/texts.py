"""The words of the supply lines that several pages say."""

from datetime import date, datetime

from django.utils import timezone

from common.numbers import format_integer

NO_BREAK = "\u00a0"


def moment(at: datetime | None) -> str:
    """« 02/02 à 12 h », « 28/01 à 10 h 14 »."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    minutes = f"{NO_BREAK}{local:%M}" if local.minute else ""
    return f"{local:%d/%m} à {local.hour}{NO_BREAK}h{minutes}"


def doses_text(doses: int | None) -> str:
    return "rien" if doses is None else format_integer(doses)


def doses_counted(doses: int) -> str:
    """« 1 dose », « 82 doses »."""
    return f"{format_integer(doses)}{NO_BREAK}dose{'s' if doses > 1 else ''}"


def people_counted(people: int) -> str:
    plural = people > 1
    return f"{format_integer(people)}{NO_BREAK}personne{'s' if plural else ''}"


def rank_text(rank: int) -> str:
    return "1re livraison" if rank == 1 else f"{rank}e livraison"


def short_day(day: date) -> str:
    return f"{day:%d/%m}"
