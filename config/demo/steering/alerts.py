"""Alert rules and alerts: `/alertes/`."""


def build_alerts() -> None:
    """Nothing yet."""
