"""Which molecule and which UCD de référence a label names: only when a single one can be meant."""

import re
from collections import defaultdict

from establishments.models.search import plain_words
from medications.models import ReferenceProduct

MICROGRAMS = re.compile(r"MICROGRAMMES?(\(S\))?|µG")
INNER_SPACES = re.compile(
    r"(?<=[0-9])\s+(?=[0-9]{3}(?![0-9]))|(?<=[0-9])\s+(?=[A-Zµ])|\s*(?=/)|(?<=/)\s*"
)


def strengths_in(text: str) -> str:
    """A strength written in one way: « 50 mg / 10 ml » is found in « MIDAZOLAM 50MG/10ML AMP »."""
    return MICROGRAMS.sub("MCG", INNER_SPACES.sub("", text.upper()).replace(".", ","))


class Grouping:
    """What is known of molecules and references, read once for a whole file."""

    def __init__(self, substances: dict[str, int], references: list[ReferenceProduct]) -> None:
        self.substances = substances
        self.references: dict[str, list[ReferenceProduct]] = defaultdict(list)
        for one in references:
            self.references[one.substance.name].append(one)
        self.first_words = defaultdict(list)
        for name in sorted(substances, key=len, reverse=True):
            if words := plain_words(name):
                self.first_words[words[0]].append((words, name))

    def substance_of(self, label: str) -> str:
        """The molecule by which a label begins, the longest name first."""
        words = plain_words(label)
        begun = self.first_words.get(words[0], []) if words else []
        return next((name for named, name in begun if words[: len(named)] == named), "")

    def reference_of(self, label: str, substance: str = "") -> ReferenceProduct | None:
        """The only reference of the molecule whose strength the label tells, or none."""
        compact = strengths_in(label)
        candidates = self.references.get(substance or self.substance_of(label), [])
        found = [
            one
            for one in candidates
            if one.strength and _tells(compact, strengths_in(one.strength))
        ]
        return found[0] if len(found) == 1 else None


def _tells(compact: str, strength: str) -> bool:
    """Whole numbers and whole units: « 5MG/1ML » is not in « 25MG/1ML » nor in « 5MG/1MLX »."""
    return bool(re.search(rf"(?<![0-9,]){re.escape(strength)}(?![0-9A-Z/])", compact))
