"""What a person answers of a line, and what follows from it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from common.numbers import MAXIMUM
from pui.transfer.changes import gaps_of
from pui.transfer.errors import TransmittingError
from pui.transfer.followed import Followed
from pui.transfer.shapes import Answer, Kind, Line

OPEN = {
    Kind.UNKNOWN: {Answer.CHOSEN, Answer.SKIP},
    Kind.OUTSIDE: {Answer.CHOSEN, Answer.SKIP},
    Kind.CHANGE: {Answer.EXACT, Answer.SKIP},
}


class Choice(NamedTuple):
    """What the person answers of a line. ``answer`` None takes the former answer back."""

    answer: Answer | None
    product_id: int | None = None  # with Answer.CHOSEN


def apply_answers(lines: Sequence[Line], answers: Mapping[int, Choice], followed: Followed) -> None:
    """Put the answers in the lines; raise ``TransmittingError`` when one cannot be."""
    by_number = {line.number: line for line in lines}
    for number, choice in answers.items():
        line = by_number.get(number)
        if line is None:
            raise TransmittingError(f"La ligne {number} n’est pas dans ce fichier.")
        apply(line, choice, followed)
    require_one_line_each(lines)


def apply(line: Line, choice: Choice, followed: Followed) -> None:
    if choice.answer is None:
        take_back(line)
        return
    if choice.answer is Answer.CHOSEN and line.chosen_id is not None:
        take_back(line)  # another product than the one chosen first
    if choice.answer not in OPEN.get(line.kind, set()):
        raise TransmittingError(f"La ligne {line.number} n’attend pas cette réponse.")
    line.answer = choice.answer
    if choice.answer is Answer.CHOSEN:
        choose(line, choice.product_id, followed)


def take_back(line: Line) -> None:
    """As it was read; a code that was given a product is unknown again."""
    line.answer = None
    if line.chosen_id is not None:
        line.chosen_id = line.product_id = line.before = None
        line.kind = Kind.UNKNOWN if line.proposals else Kind.OUTSIDE


def choose(line: Line, product_id: int | None, followed: Followed) -> None:
    """The product is compared with its last declaration: far from it, « C’est exact » is asked."""
    product = followed.by_id.get(product_id or 0)
    if product is None:
        raise TransmittingError(
            f"Ligne {line.number}\u00a0: choisissez un produit de la liste, suivi à cette échéance."
        )
    line.chosen_id = product.pk
    if any(number is not None and number > MAXIMUM for number in line.quantities):
        raise TransmittingError(
            f"Ligne {line.number}\u00a0: convertie, la quantité est trop grande."
        )
    line.before = followed.before.get(product.pk)
    if gaps_of(line):
        line.kind, line.product_id, line.answer = Kind.CHANGE, product.pk, None


def require_one_line_each(lines: Sequence[Line]) -> None:
    """A product is declared by one line: a choice cannot take that of another line."""
    held: dict[int, Line] = {}
    for line in lines:
        product_id = line.chosen_id or line.product_id
        if product_id is None or line.kind is Kind.REFUSED or line.answer is Answer.SKIP:
            continue
        if other := held.get(product_id):
            raise TransmittingError(
                f"Ligne {line.number}\u00a0: ce produit est déjà celui de la ligne {other.number}. "
                "Une seule ligne par produit\u00a0: ne transmettez pas l’autre, ou corrigez le "
                "fichier."
            )
        held[product_id] = line
