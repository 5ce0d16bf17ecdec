"""The registry of indicators: `/indicateurs/`."""


def build_indicators() -> None:
    """Nothing yet."""
