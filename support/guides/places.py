"""Which parts of which guides each address leads to, by its name or what several begin with.

They are written in `places.toml`, with a short name for each guide.
"""

import tomllib
from pathlib import Path

WRITTEN = tomllib.loads(Path(__file__).with_name("places.toml").read_text(encoding="utf-8"))


def _whole(target: str) -> str:
    guide, _, anchor = target.partition("#")
    return f"{WRITTEN['guides'][guide]}#{anchor}"


PLACES: dict[str, tuple[str, ...]] = {
    name: tuple(map(_whole, targets)) for name, targets in WRITTEN["places"].items()
}
