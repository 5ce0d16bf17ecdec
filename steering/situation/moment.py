"""When a situation is read: the week it speaks of, and the instant at which it is known."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from common.weeks import current_week

FRESH = timedelta(days=7)  # after its end, what is only known at the instant is another week's


@dataclass(frozen=True, slots=True)
class Moment:
    """``is_again``: the figures of a week already told, as they are known since."""

    week: date
    at: datetime
    is_again: bool = False

    @property
    def is_live(self) -> bool:
        """Whether what has no past (open requests, stocks of the State) may be read for it."""
        return not self.is_again and timezone.now() - self.at < FRESH


def now() -> Moment:
    at = timezone.now()
    return Moment(current_week(at), at)


def time_text(at: datetime | None) -> str:
    """« Chiffres de 10 h 42, le 17/11/2026. »"""
    if at is None:
        return "Pas encore de chiffres."
    local = timezone.localtime(at)
    return f"Chiffres de {local.hour}\u00a0h\u00a0{local:%M}, le {local:%d/%m/%Y}."
