"""The forum Agora: `/aide/agora/`."""


def build_forum() -> None:
    """Nothing yet."""
