"""The parts of a situation page, to go there in one click: the alerts are counted at once."""

from collections.abc import Sequence

from steering.situation.content import PLACES, Grid
from steering.situation.shown import Block

Anchor = tuple[str, str]


def anchors_of(places: Grid | None, blocks: Sequence[Block], *, has_tension: bool) -> list[Anchor]:
    """In the order of the page; none on a page that has one part alone."""
    found: list[Anchor] = [(PLACES, f"{places.first}s")] if places else []
    found += [("en-tension", "En tension")] if has_tension else []
    found += [(f"rubrique-{rank}", _block(one)) for rank, one in enumerate(blocks, start=1)]
    return found if len(found) > 1 else []


def _block(block: Block) -> str:
    """« Alertes (5) »: how many, where everything of it is counted in the same unit."""
    units = {one.measure.unit for one in block.measures}
    if units != {"alertes"}:
        return block.title
    return f"{block.title} ({sum(int(one.measure.value) for one in block.measures)})"
