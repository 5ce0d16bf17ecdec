"""Moments and counts, as sentences say them."""

from datetime import datetime, time, timedelta

from common.weeks import PARIS
from pui.models import Transmission

WORDS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
FEMININE = {1: "une"}


def moment(at: datetime) -> str:
    """« 17/11/2020 à 9 h 52 »."""
    local = at.astimezone(PARIS)
    return f"{local:%d/%m/%Y} à {local.hour}\u00a0h\u00a0{local:%M}"


def until(at: datetime) -> str:
    """« 25/11/2020 inclus » for the midnight that ends this day, else the moment."""
    local = at.astimezone(PARIS)
    if local.time() != time(0):
        return moment(at)
    return f"{local - timedelta(days=1):%d/%m/%Y} inclus"


def counted(number: int, one: str, many: str = "") -> str:
    """« 1 ligne », « 3 lignes »."""
    return f"{number}\u00a0{one if number < 2 else many or f'{one}s'}"


def in_words(number: int, one: str, many: str = "", *, is_feminine: bool = False) -> str:
    """« deux codes », « une réponse »: figures above ten."""
    word = WORDS[number] if number < len(WORDS) else str(number)
    word = FEMININE.get(number, word) if is_feminine else word
    return f"{word} {one if number < 2 else many or f'{one}s'}"


def new_sentence(count: int, *, is_first: bool) -> str:
    """« 3 produits déclarés pour la première fois par cette PUI »; blank when there are none."""
    if not count:
        return ""
    if is_first:
        return "Première déclaration de ces produits par cette PUI\u00a0: rien à comparer."
    many = "produits déclarés pour la première fois"
    return f"{counted(count, 'produit déclaré pour la première fois', many)} par cette PUI"


def already_received(row: Transmission) -> str:
    """What is said of a file that comes twice."""
    received = f"Ce fichier a déjà été reçu le {moment(row.received_at)}"
    if row.confirmed_at:
        by = row.report.get("confirmed_by")
        who = f" par {by}" if by else ""
        sent = f"transmis le {moment(row.confirmed_at)}{who}"
        return f"{received} et {sent}\u00a0: rien n’est à refaire."
    if row.state == Transmission.State.READING:
        return f"{received}\u00a0: sa lecture est en cours."
    return f"{received}\u00a0: il attend votre confirmation."
