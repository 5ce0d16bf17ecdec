"""The situation of a region or of the country, its weekly bulletin: `/situation/`."""


def build_situation() -> None:
    """Nothing yet."""
