"""How wide a text will be: close enough to place labels, a little on the wide side."""

from functools import cache
from itertools import pairwise

NARROW, WIDE = frozenset("iljIftr.,;:’'()!|- "), frozenset("mwMWOQ%÷")


@cache
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """In units of the drawing, for Marianne or Arial at ``size``."""
    return sum(map(_ems, text)) * size * (1.04 if bold else 1.0)


def _ems(character: str) -> float:
    if character in NARROW:
        return 0.36
    if character in WIDE:
        return 0.88
    return 0.7 if character.isupper() else 0.6


@cache
def wrapped(text: str, lines: int) -> tuple[str, ...]:
    """``text`` on at most ``lines`` lines, cut at spaces and hyphens, the longest kept short."""
    pieces = _pieces(text)
    if lines == 1 or len(pieces) == 1:
        return (text,)
    best: tuple[str, ...] = (text,)
    for cut in range(1, len(pieces)):
        rest = wrapped("".join(pieces[cut:]), lines - 1)
        option = ("".join(pieces[:cut]).strip(), *rest)
        if max(map(len, option)) < max(map(len, best)):
            best = option
    return best


def _pieces(text: str) -> list[str]:
    cuts = [0, *(i + 1 for i, c in enumerate(text[:-1]) if c in " -"), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]
