"""Read the journal again and say what is not as it was sealed, in bounded memory.

One pass by number over the seals and the entries together. Each finding is a sentence for the
operator; none means that nothing sealed was changed, removed nor added.
"""

import hashlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from common.numbers import format_integer
from journal.models import Entry, Purge, Seal
from journal.sealing import heads
from journal.sealing.canonical import (
    AT,
    ID,
    Row,
    chained,
    entries_between,
    instant,
    line_of,
    text_of_purge,
    text_of_seal,
)
from journal.sealing.keys import is_signed, known_keys
from journal.sealing.settled import last_number

CHUNK = 10_000
LARGEST_NUMBER = 2**63 - 1
SKEW = timedelta(minutes=5)  # between the clocks of the machines


@dataclass(slots=True)
class Tally:
    """What was read, for the sentence that says that all is well."""

    batches: int = 0
    purged: int = 0
    entries: int = 0
    heads: int = 0
    last: Seal | None = None


def findings(tally: Tally, path: Path | None) -> Iterator[str]:
    """What is wrong, batch by batch, then at the end of the journal, then against the heads.

    A head is told once its seal is there: those told before the first reading of the database have
    theirs in what is read, those told since, while a long journal is read, may not.
    """
    told = path.stat().st_size if path else 0
    purged = yield from _purges()
    tally.purged = purged
    removed = Seal.objects.filter(number__lte=purged).last()
    rows = Reader(removed.last_id if removed else 0)
    previous: Seal | None = None
    for seal in Seal.objects.order_by("number").iterator(CHUNK):
        yield from _link(seal, previous)
        if seal.number > purged:
            tally.entries += seal.count
            yield from _content(seal, rows.through(seal.last_id), previous)
        previous = seal
        tally.batches += 1
    tally.last = previous
    yield from _outside(previous, removed)
    if path is not None:
        yield from _against_heads(tally, path, told)


class Reader:
    """The entries in the order of their numbers, read some thousands at a time."""

    def __init__(self, after: int) -> None:
        self._rows = _entries_after(after)
        self._next = next(self._rows, None)

    def through(self, last: int) -> Iterator[Row]:
        """Those that come next, up to a number."""
        while self._next is not None and self._next[ID] <= last:
            yield self._next
            self._next = next(self._rows, None)


def _entries_after(number: int) -> Iterator[Row]:
    while rows := entries_between(number, LARGEST_NUMBER, CHUNK):
        yield from rows
        number = rows[-1][ID]


def _link(seal: Seal, previous: Seal | None) -> Iterator[str]:
    """Its number, its place after the one before, its signature."""
    number, expected = seal.number, previous.number + 1 if previous else 1
    if number != expected:
        missing = (
            f"le lot {expected} manque"
            if number == expected + 1
            else f"les lots {expected} à {number - 1} manquent"
        )
        yield f"{missing}\u00a0: un sceau a été supprimé."
    elif previous and seal.previous != chained(previous):
        yield (
            f"le lot {number} ne suit pas le sceau du lot {previous.number}\u00a0: "
            "un sceau a été refait."
        )
    elif seal.first_id != (previous.last_id + 1 if previous else 1):
        yield f"le lot {number} ne commence pas où finit le précédent."
    if not is_signed(text_of_seal(seal), seal.key, seal.mac):
        yield _unsigned(f"le sceau du lot {number}", seal.key)


def _unsigned(what: str, key: str) -> str:
    if key in known_keys():
        return f"{what} est faux\u00a0: changé ou refait sans la clé."
    return (
        f"{what} porte la clé {key}, inconnue\u00a0: refait sans la clé, ou ancienne clé absente."
    )


def _content(seal: Seal, rows: Iterable[Row], previous: Seal | None) -> Iterator[str]:
    """Its entries, and their dates: between the seal before and this one."""
    digest, count, strange = hashlib.sha256(), 0, None
    first = previous.horizon - SKEW if previous and previous.horizon else None
    last = seal.at + SKEW
    for row in rows:
        digest.update(line_of(row))
        count += 1
        at = instant(row[AT])
        if at > last or (first and at < first):
            strange = strange or row
    span = f"(entrées {seal.first_id} à {seal.last_id}, scellées le {_day(seal.at)})"
    wrong = _difference(seal, count, digest.hexdigest())
    if wrong:
        yield f"le lot {seal.number} {span} {wrong}."
    elif strange:
        yield (
            f"le lot {seal.number} {span} contient une entrée à la date fausse\u00a0: "
            f"l’entrée {strange[ID]} se dit du {_day(instant(strange[AT]))}."
        )


def _difference(seal: Seal, count: int, digest: str) -> str:
    gap = abs(count - seal.count)
    if count < seal.count:
        return f"a perdu {_entries(gap)}\u00a0: suppression"
    if count > seal.count:
        return f"a {_entries(gap)} de trop\u00a0: ajout après coup"
    return "n’a plus le même contenu\u00a0: modification" if digest != seal.digest else ""


def _purges() -> Generator[str, None, int]:
    """Each after the other, signed, its seals there; return the last batch purged."""
    last = 0
    ends = Seal.objects.filter(number__in=Purge.objects.values("last"))
    sealed = set(ends.values_list("number", flat=True))
    for purge in Purge.objects.order_by("last"):
        named = f"la purge des lots {purge.first} à {purge.last}"
        if not is_signed(text_of_purge(purge), purge.key, purge.mac):
            yield _unsigned(named, purge.key)
        elif purge.first != last + 1:
            yield f"{named} ne suit pas la précédente."
        elif purge.last not in sealed:
            yield f"{named} n’a plus ses sceaux."
        last = purge.last
    return last


def _outside(last: Seal | None, removed: Seal | None) -> Iterator[str]:
    """Entries where none may be: under the first number, in what was purged, past the last one."""
    end = last.last_id if last else 0
    begins = removed.last_id + 1 if removed else 1
    if strange := Entry.objects.filter(pk__lt=begins).order_by("pk").first():
        yield f"l’entrée {strange.pk} est avant le premier lot conservé\u00a0: ajout après coup."
    if strange := Entry.objects.filter(pk__gt=last_number()).order_by("pk").first():
        yield f"l’entrée {strange.pk} a un numéro que la base n’a pas donné\u00a0: ajout."
    horizon = last.horizon if last else None
    pending = Entry.objects.filter(pk__gt=end)
    if horizon and (early := pending.filter(at__lt=horizon - SKEW).order_by("pk").first()):
        yield (
            f"l’entrée {early.pk}, non scellée, a une date fausse\u00a0: "
            f"elle se dit du {_day(early.at)}."
        )


def _against_heads(tally: Tally, path: Path, told: int) -> Iterator[str]:
    """The same seals as those told outside, and none that is missing at the end."""
    end = tally.last.number if tally.last else 0
    for chunk in heads.read(path, told):
        tally.heads += len(chunk)
        known = Seal.objects.in_bulk([head.number for head in chunk])
        for head in chunk:
            seal = known.get(head.number)
            if seal is None and head.number > end:
                yield (
                    f"la fin du journal est coupée\u00a0: le lot {head.number} a été scellé le "
                    f"{_day(datetime.fromisoformat(head.at))}, la base s’arrête au lot {end}."
                )
            elif seal is None or chained(seal) != head.digest:
                yield f"le sceau du lot {head.number} n’est pas celui noté hors de la base."


def _entries(count: int) -> str:
    return f"{format_integer(count)} entrée{'s' if count > 1 else ''}"


def _day(at: datetime) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y à %H:%M:%S}"
