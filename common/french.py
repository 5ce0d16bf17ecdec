"""The few rules of French that a page cannot do without."""

import re
import unicodedata

VOWELS = frozenset("aeiouœæ")
OPENED = re.compile("«[ ]?(?!\u00a0)")
CLOSED = re.compile(r" (?=[:;!?»](?![\w/=-]))")


def of(name: object) -> str:
    """Write « d’Éric Dumas », « d’Hugo Masson », « de Julien Moreau », « de Yann Muller »."""
    text = str(name)
    first, second = (_plain(letter) for letter in f"{text}  "[:2])
    is_elided = first in VOWELS or first == "h"
    if first == "y":  # « d’Yves », but « de Yann »
        is_elided = second.isalpha() and second not in VOWELS
    return f"d’{text}" if is_elided else f"de {text}"


def alphabetical(name: object) -> str:
    """The key that sorts as a dictionary does: « Ain, Ariège, Aveyron », « Île » with the i."""
    letters = unicodedata.normalize("NFD", str(name).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _plain(letter: str) -> str:
    """É is an e."""
    return alphabetical(letter)[:1]


def spaced(text: str) -> str:
    """Put the spaces that do not break: before « : ; ! ? » and inside « guillemets »."""
    return CLOSED.sub("\u00a0", OPENED.sub("«\u00a0", text))
