"""What an indicator is: each app declares its own in ``<app>/registry.py`` as ``INDICATORS``.

The registry page lists them; the tag ``{% indicator_link %}`` leads there from the figure itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure, one definition: what it tells, how it is computed, from what, how often, by whom.

    ``slug`` names it in addresses and never changes; ``code`` is the dotted name of the function
    that computes it, shown to no one: a test resolves it.
    """

    slug: str
    label: str
    definition: str
    formula: str
    inputs: Sequence[str]
    excluded: str
    unit: str
    frequency: str
    owner: str
    source: str
    code: str
