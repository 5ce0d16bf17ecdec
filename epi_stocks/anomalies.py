"""What a value to check looks like, in words. The rule is one: ``epi_doubt``, in the database.

A doubt never blocks: the value is stored and counted at once, marked « à vérifier » until the
person says « C’est exact » or corrects it. See docs/epi-anomalies.md.
"""

from enum import IntEnum

from common.numbers import format_integer


class Doubt(IntEnum):
    """The codes of ``epi_doubt`` (sql/doubt.sql)."""

    NONE = 0
    TEN_TIMES = 1
    FIFTY_TIMES = 2
    HUNDRED_TIMES = 3
    TENTH = 4
    FIFTIETH = 5
    HUNDREDTH = 6
    UNUSUALLY_HIGH = 7
    UNUSUALLY_LOW = 8
    STOCK_WITHOUT_USE = 9
    BLANKED = 10


SENTENCES = {
    Doubt.TEN_TIMES: "10 fois la dernière valeur déclarée{last}",
    Doubt.FIFTY_TIMES: "50 fois la dernière valeur déclarée{last} : une boîte pour une unité ?",
    Doubt.HUNDRED_TIMES: "100 fois la dernière valeur déclarée{last} : une boîte pour une unité ?",
    Doubt.TENTH: "10 fois moins que la dernière valeur déclarée{last}",
    Doubt.FIFTIETH: "50 fois moins que la dernière valeur déclarée{last} : en unités ?",
    Doubt.HUNDREDTH: "100 fois moins que la dernière valeur déclarée{last} : en unités ?",
    Doubt.UNUSUALLY_HIGH: "bien plus que d’habitude{last}",
    Doubt.UNUSUALLY_LOW: "bien moins que d’habitude{last}",
    Doubt.STOCK_WITHOUT_USE: "un stock et aucune consommation : 0 veut dire « aucune »",
    Doubt.BLANKED: "case vidée, elle avait une valeur{last} : 0 si vous n’en avez plus",
}
BITS = {"stock": 1, "daily": 2, "supply": 4}
CONFIRMED = 3  # a bit of doubt moves up by three when the person says « C’est exact »


def doubt_sentence(code: int, last: int | None = None) -> str:
    """Say why a value is to check; empty when it is not. ``last`` is the value declared before."""
    if not code:
        return ""
    shown = "" if last is None else f" ({format_integer(last)})"
    return SENTENCES[Doubt(code)].format(last=shown)


def is_doubtful(doubts: int, measure: str) -> bool:
    return bool(doubts & BITS[measure])


def is_confirmed(doubts: int, measure: str) -> bool:
    return bool(doubts & BITS[measure] << CONFIRMED)
