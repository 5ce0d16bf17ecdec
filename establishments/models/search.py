"""What a person types to find a place: a number, a part of one, or words in any order."""

import re
import unicodedata

from django.db.models import Q

from common.identifiers import propose_finess

SHORTEST = 2  # one letter matches half the country
PARTIAL_NUMBER = re.compile(r"[0-9][0-9A-Z]?[0-9]{0,7}")
LONGEST = 100


def search_condition(text: str) -> Q:
    """Select what matches every word of ``text``, or its number; too short selects nothing."""
    words = plain_words(text)
    if sum(map(len, words)) < SHORTEST:
        return Q(pk__in=[])
    return words_condition(text) | number_condition("".join(words).upper())


def words_condition(text: str) -> Q:
    """Select what has words beginning like each of those of ``text``; too short: nothing."""
    words = plain_words(text)
    if sum(map(len, words)) < SHORTEST:
        return Q(pk__in=[])
    condition = Q()
    for word in words:
        condition &= Q(haystack__contains=f" {word}")
    return condition


def number_condition(compact: str) -> Q:
    """Select the numbers that begin so, or the one that lost its leading zero in a spreadsheet."""
    if not PARTIAL_NUMBER.fullmatch(compact):
        return Q()
    condition = Q(finess__startswith=compact)
    if proposal := propose_finess(compact):
        condition |= Q(finess=proposal)
    return condition


def plain_words(text: str) -> list[str]:
    """Reduce a text to what the column ``haystack`` holds: lower case, no accent, no mark."""
    text = text[:LONGEST].replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(mark for mark in decomposed if not unicodedata.combining(mark)).lower()
    return re.findall(r"[0-9a-z]+", plain)
