"""What anybody may read: `/donnees/` and `/stats/`."""


def build_figures() -> None:
    """Nothing yet."""
