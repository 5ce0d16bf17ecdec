"""Guides by role: `/aide/guides/`."""


def build_guides() -> None:
    """Nothing yet."""
