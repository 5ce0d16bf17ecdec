"""Which parts of which guides each address leads to, by its name or what several begin with."""

PLACES: dict[str, tuple[str, ...]] = {}
