"""What anybody may read: `/donnees/` and `/stats/`."""

from steering.services.open_data import publish_datasets
from steering.services.statistics import keep_statistics


def build_figures() -> None:
    """What the worker makes each night, at once."""
    publish_datasets()
    keep_statistics()
